/* The completion script of zsh. */
#include "face/shells/shell.h"

#include <string.h>

/* Descriptions and words stand in specifications where colons and brackets part one thing from the next. */
static void put_quoted(mt_page *page, const char *text)
{
    mt_shell_quote(page, text, "", "'\\''");
}

static mt_code escape(mt_ctx *cx, const char **out, const char *text)
{
    char *copy, *at;
    MT_TRY(MT_NEW(cx, &copy, 2 * strlen(text) + 1));
    for (at = copy; *text; text++) {
        if (strchr(":[]()\\", *text)) *at++ = '\\';
        *at++ = *text;
    }
    *out = copy;
    return MT_OK;
}

/* '--price-rule=[which price is taken]:CHOICE:(mid low high)' */
static mt_code put_option(mt_page *page, const mt_field *field)
{
    mt_ctx *cx = page->cx;
    const char *typed, *doc, *text, *choices;
    MT_TRY(mt_face_typed(cx, &typed, field->name));
    MT_TRY(escape(cx, &doc, field->doc ? field->doc : ""));
    MT_TRY(mt_shell_choices(cx, &choices, field));
    MT_TRY(escape(cx, &choices, choices));
    if (field->type == MT_BOOL) {
        MT_TRY(mt_text_format(cx, &text, "--%s[%s]", typed, doc));
    } else {
        MT_TRY(mt_text_format(cx, &text, "--%s=[%s]:%s:", typed, doc, mt_face_placeholder(field->type)));
        if (mt_shell_takes_path(field)) MT_TRY(mt_text_format(cx, &text, "%s_files", text));
        else if (choices[0]) MT_TRY(mt_text_format(cx, &text, "%s(%s)", text, choices));
        else MT_TRY(mt_text_format(cx, &text, "%s ", text));
    }
    mt_page_put(page, " \\\n            ");
    put_quoted(page, text);
    return page->code;
}

static mt_code put_described(mt_page *page, const char *word, const char *summary)
{
    const char *name, *text;
    MT_TRY(escape(page->cx, &name, word));
    MT_TRY(mt_text_format(page->cx, &text, "%s:%s", name, summary));
    mt_page_put(page, " ");
    put_quoted(page, text);
    return page->code;
}

static mt_code put_nouns(mt_page *page, const mt_catalog *catalog)
{
    const char *summary;
    mt_page_put(page, "    if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then\n        list=(");
    for (size_t k = 0; k < catalog->n_noun; k++) {
        MT_TRY(mt_shell_summary(page->cx, &summary, catalog, catalog->noun[k]));
        MT_TRY(put_described(page, catalog->noun[k], summary));
    }
    for (size_t k = 0; k < catalog->n; k++) {
        const mt_entry *entry = &catalog->entry[k];
        if (!entry->word) MT_TRY(put_described(page, entry->command, entry->summary));
    }
    mt_page_put(page, ")\n        _describe -t commands command list; return\n    fi\n");
    return page->code;
}

static mt_code put_verbs(mt_page *page, const mt_catalog *catalog)
{
    mt_page_put(page, "    case $words[2] in\n");
    for (size_t k = 0; k < catalog->n_noun; k++) {
        mt_page_put(page, "    (");
        put_quoted(page, catalog->noun[k]);
        mt_page_put(page,
                    ")\n        if (( CURRENT == 3 )) && [[ $words[3] != -* ]]; then\n            list=(");
        for (size_t j = 0; j < catalog->n; j++) {
            const mt_entry *entry = &catalog->entry[j];
            if (!entry->word || strcmp(entry->noun, catalog->noun[k]) != 0) continue;
            MT_TRY(put_described(page, entry->word, entry->summary));
        }
        mt_page_put(page, ")\n            _describe -t commands command list; return\n        fi\n"
                          "        command=\"$words[2] $words[3]\" taken=2 ;;\n");
    }
    mt_page_put(page, "    esac\n");
    return page->code;
}

static mt_code put_command(mt_page *page, const mt_catalog *catalog, const mt_entry *entry)
{
    const char *words, *text;
    mt_page_put(page, "    (");
    put_quoted(page, entry->command);
    mt_page_put(page, ")\n        _arguments \"${common[@]}\"");
    if (entry->positional) {
        MT_TRY(mt_shell_words(page->cx, &words, catalog, entry->positional));
        MT_TRY(escape(page->cx, &text, entry->positional));
        MT_TRY(mt_text_format(page->cx, &text, words[0] ? "1:%s:(%s)" : "1:%s: %s", text, words));
        mt_page_put(page, " \\\n            ");
        put_quoted(page, text);
    }
    for (const mt_field *field = entry->option; field && field->name; field++)
        MT_TRY(put_option(page, field));
    mt_page_put(page, " ;;\n");
    return page->code;
}

static mt_code write_script(mt_page *page, const mt_face *face, const mt_catalog *catalog)
{
    mt_page_put(page,
                "#compdef merit\n# Completion of merit for zsh, made by `merit completion zsh`.\n"
                "_merit() {\n    local command=$words[2] taken=1\n    local -a list common\n    common=(");
    for (const mt_field *field = face->common; field && field->name; field++) MT_TRY(put_option(page, field));
    mt_page_put(page, ")\n");
    MT_TRY(put_nouns(page, catalog));
    MT_TRY(put_verbs(page, catalog));
    mt_page_put(page, "    shift $taken words\n    (( CURRENT -= taken ))\n    case $command in\n");
    for (size_t k = 0; k < catalog->n; k++) MT_TRY(put_command(page, catalog, &catalog->entry[k]));
    mt_page_put(page,
                "    (*) _arguments \"${common[@]}\" ;;\n    esac\n}\n"
                "if [[ $funcstack[1] == _merit ]]; then _merit \"$@\"; else compdef _merit merit; fi\n");
    return page->code;
}

const mt_shell mt_shell_zsh = {.name = "zsh", .write = write_script};
