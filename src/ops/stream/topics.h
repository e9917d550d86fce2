/* Which topics a process reads and what their messages mean.
 *
 * Shapes    Topics are a text with commas. A mapping file gives the mapping of the topic that it names; a
 *           topic without one uses the built-in mapping of its name. A stream that has no topics (a file)
 *           takes the only mapping that is given, whatever the file's name.
 * Errors    MT_E_INPUT  a topic without a mapping (with the nearest known), an unreadable mapping file.
 * Ownership All lives in cx.
 */
#ifndef MT_OPS_STREAM_TOPICS_H
#define MT_OPS_STREAM_TOPICS_H

#include "base/rows/field.h"
#include "ingest/mapped.h"

MT_BEGIN_DECLS

typedef struct mt_topics {
    const char *const *name;
    size_t n;
    const mt_topic_mapping *mapping;
    size_t n_mapping;
} mt_topics;

/* "a, b,c" into its words; an empty word is refused. NULL: none. */
MT_MUST_USE mt_code mt_topics_split(mt_ctx *cx, const char *const **out, size_t *n, const char *text);

/* `as` forces one mapping by its name for every topic; NULL: none. */
MT_MUST_USE mt_code mt_topics_read(mt_ctx *cx, mt_topics *out, const char *topics, mt_inputs mapping,
                                   const char *as);

/* A whole mapping file. */
MT_MUST_USE mt_code mt_topics_mapping(mt_ctx *cx, const mt_mapping **out, const mt_input *input);

/* The JSON Schema of the messages of a built-in mapping; MT_E_INPUT when there is none of that name. */
MT_MUST_USE mt_code mt_topics_schema(mt_ctx *cx, mt_text *out, const char *name);

MT_END_DECLS
#endif
