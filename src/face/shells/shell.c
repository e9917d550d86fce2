/* What the completion scripts share. */
#include "face/shells/shell.h"

#include <string.h>

static mt_code add_word(mt_ctx *cx, const char **text, const char *between, const char *word)
{
    return mt_text_format(cx, text, "%s%s%s", *text, (*text)[0] ? between : "", word);
}

mt_code mt_shell_words(mt_ctx *cx, const char **out, const mt_catalog *catalog, const char *positional)
{
    const char *text = "";
    if (positional && strstr(positional, "SHELL")) text = MT_SHELL_NAMES;
    if (positional && strstr(positional, "NOUN")) {
        for (size_t k = 0; k < catalog->n_noun; k++) MT_TRY(add_word(cx, &text, " ", catalog->noun[k]));
        for (size_t k = 0; k < catalog->n; k++) {
            if (!catalog->entry[k].word) MT_TRY(add_word(cx, &text, " ", catalog->entry[k].noun));
        }
    }
    *out = text;
    return MT_OK;
}

mt_code mt_shell_choices(mt_ctx *cx, const char **out, const mt_field *field)
{
    const char *text = "";
    for (size_t k = 0; field->type == MT_CHOICE && field->choice[k]; k++) {
        MT_TRY(add_word(cx, &text, " ", field->choice[k]));
    }
    *out = text;
    return MT_OK;
}

mt_code mt_shell_summary(mt_ctx *cx, const char **out, const mt_catalog *catalog, const char *noun)
{
    const char *text = "";
    for (size_t k = 0; k < catalog->n; k++) {
        const mt_entry *entry = &catalog->entry[k];
        if (entry->word && strcmp(entry->noun, noun) == 0) MT_TRY(add_word(cx, &text, ", ", entry->word));
    }
    *out = text;
    return MT_OK;
}

void mt_shell_quote(mt_page *page, const char *text, const char *special, const char *quote)
{
    mt_page_put(page, "'");
    for (; *text; text++) {
        if (*text == '\'') mt_page_put(page, quote);
        else if (strchr(special, *text)) mt_page_format(page, "\\%c", *text);
        else mt_page_format(page, "%c", *text);
    }
    mt_page_put(page, "'");
}
