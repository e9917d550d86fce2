/* Which topics a process reads and what their messages mean. */
#include "ops/stream/topics.h"

#include "io/bytes.h"

#include <string.h>

mt_code mt_topics_split(mt_ctx *cx, const char *const **out, size_t *n, const char *text)
{
    const char **word;
    size_t most = 1;
    for (const char *c = text ? text : ""; *c; c++) most += *c == ',';
    MT_TRY(MT_NEW(cx, &word, most));
    *out = word;
    *n = 0;
    while (text && *text) {
        size_t length = strcspn(text, ",");
        mt_text trimmed = mt_text_trim((mt_text){text, length});
        if (!trimmed.length) return mt_fail(cx, MT_E_INPUT, "topics \"%s\": a name is empty", text);
        MT_TRY(mt_text_copy(cx, &word[(*n)++], trimmed));
        text += length;
        if (*text == ',' && !*++text) return mt_fail(cx, MT_E_INPUT, "topics end with a comma");
    }
    return MT_OK;
}

mt_code mt_topics_mapping(mt_ctx *cx, const mt_mapping **out, const mt_input *input)
{
    mt_bytes *bytes = NULL;
    const char *at;
    size_t n = 0;
    bool last = false;
    mt_code code;
    MT_TRY(mt_bytes_open(cx, &bytes, input));
    while (!last) MT_TRY_OUT(mt_bytes_next(cx, bytes, 0, &at, &n, &last));
    MT_TRY_OUT(mt_mapping_read(cx, out, input->name, at, n));
out:
    mt_bytes_close(bytes);
    return code;
}

static mt_code refuse_unknown(mt_ctx *cx, const char *topic)
{
    size_t n;
    const mt_mapping *known = mt_mappings(&n);
    const char **name, *list = "";
    MT_TRY(MT_NEW(cx, &name, n));
    for (size_t k = 0; k < n; k++) {
        name[k] = known[k].name;
        MT_TRY(mt_text_format(cx, &list, "%s%s%s", list, k ? ", " : "", name[k]));
    }
    int nearest = mt_text_nearest(topic, name, n);
    if (nearest >= 0)
        return mt_fail(cx, MT_E_INPUT, "nothing says what messages of \"%s\" mean; did you mean %s?", topic,
                       name[nearest]);
    return mt_fail(cx, MT_E_INPUT,
                   "nothing says what messages of \"%s\" mean: give --mapping FILE, or --as with one of %s",
                   topic, list);
}

static const mt_mapping *find_given(const char *topic, const mt_mapping *const *given, size_t n)
{
    for (size_t k = 0; k < n; k++)
        if (strcmp(given[k]->name, topic) == 0) return given[k];
    return mt_mapping_find(topic);
}

static mt_code map_topics(mt_ctx *cx, mt_topics *out, const mt_mapping *const *given, size_t n_given)
{
    mt_topic_mapping *mapping;
    MT_TRY(MT_NEW(cx, &mapping, out->n + 1));
    out->mapping = mapping;
    for (size_t k = 0; k < out->n; k++) {
        mapping[k] = (mt_topic_mapping){out->name[k], find_given(out->name[k], given, n_given)};
        if (!mapping[k].mapping && n_given == 1) mapping[k].mapping = given[0];
        if (!mapping[k].mapping) return refuse_unknown(cx, out->name[k]);
    }
    out->n_mapping = out->n;
    if (out->n) return MT_OK;
    if (n_given != 1)
        return mt_fail(
            cx, MT_E_INPUT,
            "nothing says what the messages mean: give --mapping FILE or --as NAME (of a broker: --topics)");
    mapping[0] = (mt_topic_mapping){"*", given[0]};
    out->n_mapping = 1;
    return MT_OK;
}

mt_code mt_topics_read(mt_ctx *cx, mt_topics *out, const char *topics, mt_inputs mapping, const char *as)
{
    const mt_mapping **given;
    size_t n = 0;
    MT_TRY(mt_topics_split(cx, &out->name, &out->n, topics));
    MT_TRY(MT_NEW(cx, &given, mapping.n + 1));
    for (; n < mapping.n; n++) MT_TRY(mt_topics_mapping(cx, &given[n], &mapping.at[n]));
    if (as) {
        given[0] = mt_mapping_find(as);
        if (!given[0]) return refuse_unknown(cx, as);
        n = 1;
    }
    return map_topics(cx, out, given, n);
}

mt_code mt_topics_schema(mt_ctx *cx, mt_text *out, const char *name)
{
    const mt_mapping *mapping = mt_mapping_find(name);
    return mapping ? mt_mapping_schema(cx, out, mapping) : refuse_unknown(cx, name);
}
