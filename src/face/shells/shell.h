/* One shell's completion script: what each of them implements, and what they share.
 *
 * Purpose   The door (face/completion) names the shells; none of them knows the door.
 * Shapes    Names, words and choices are quoted for the shell; nothing of a table is run by it.
 */
#ifndef MT_FACE_SHELLS_SHELL_H
#define MT_FACE_SHELLS_SHELL_H

#include "face/face.h"
#include "face/page.h"

MT_BEGIN_DECLS

typedef struct mt_shell {
    const char *name;
    mt_code (*write)(mt_page *page, const mt_face *face, const mt_catalog *catalog);
} mt_shell;

extern const mt_shell mt_shell_bash, mt_shell_zsh, mt_shell_fish;

/* The names of all shells, as `merit completion` takes them. */
#define MT_SHELL_NAMES "bash zsh fish"

/* What may stand in the place of a verb's positional word, separated by blanks: the shells for "SHELL", nouns
 * and verbs for "NOUN"; "" where nobody knows. */
MT_MUST_USE mt_code mt_shell_words(mt_ctx *cx, const char **out, const mt_catalog *catalog,
                                   const char *positional);

/* The choices of a field, separated by blanks; "" for other types. */
MT_MUST_USE mt_code mt_shell_choices(mt_ctx *cx, const char **out, const mt_field *field);

/* "clear, vwap, curve": the commands of a noun. */
MT_MUST_USE mt_code mt_shell_summary(mt_ctx *cx, const char **out, const mt_catalog *catalog,
                                     const char *noun);

static inline bool mt_shell_takes_path(const mt_field *field)
{
    return field->type == MT_INPUT || field->type == MT_INPUTS || field->type == MT_OUTPUT;
}

/* `text` between single quotes; `special` characters inside get a backslash; `quote` is how the shell writes
 * a single quote in there. */
void mt_shell_quote(mt_page *page, const char *text, const char *special, const char *quote);

MT_END_DECLS
#endif
