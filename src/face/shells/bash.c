/* The completion script of bash (4 or newer). */
#include "face/shells/shell.h"

#include <string.h>

static const char script_start[] =
    "# Completion of merit for bash, made by `merit completion bash`.\n"
    "_merit_pick() { mapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$cur\"); }\n"
    "_merit_files() { compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- \"$cur\"); }\n"
    "_merit()\n"
    "{\n"
    "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} noun=${COMP_WORDS[1]}\n"
    "    local command at=2 options='' words=''\n"
    "    COMPREPLY=()\n"
    "    # --option=value comes as three words\n"
    "    if [[ $cur == '=' ]]; then cur=''\n"
    "    elif [[ $prev == '=' ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}\n"
    "    fi\n";

static const char script_end[] =
    "    if [[ $cur != -* && $COMP_CWORD -eq $at && -n $words ]]; then _merit_pick \"$words\"\n"
    "    else _merit_pick \"$options $common\"\n"
    "    fi\n"
    "}\n"
    "complete -F _merit merit\n";

/* Single quotes end, an escaped one follows, and they begin again. */
static void put_quoted(mt_page *page, const char *text)
{
    mt_shell_quote(page, text, "", "'\\''");
}

static mt_code list_options(mt_ctx *cx, const char **out, const mt_field *field)
{
    const char *text = "", *typed;
    for (; field && field->name; field++) {
        MT_TRY(mt_face_typed(cx, &typed, field->name));
        MT_TRY(mt_text_format(cx, &text, "%s%s--%s", text, text[0] ? " " : "", typed));
    }
    *out = text;
    return MT_OK;
}

static mt_code put_nouns(mt_page *page, const mt_catalog *catalog)
{
    const char *nouns, *words;
    MT_TRY(mt_shell_words(page->cx, &nouns, catalog, "NOUN"));
    mt_page_put(page, "    if [[ $COMP_CWORD -eq 1 && $cur != -* ]]; then _merit_pick ");
    put_quoted(page, nouns);
    mt_page_put(page, "; return; fi\n    command=$noun\n    case $noun in\n");
    for (size_t k = 0; k < catalog->n_noun; k++) {
        const char *noun = catalog->noun[k];
        words = "";
        for (size_t j = 0; j < catalog->n; j++) {
            const mt_entry *entry = &catalog->entry[j];
            if (!entry->word || strcmp(entry->noun, noun) != 0) continue;
            MT_TRY(mt_text_format(page->cx, &words, "%s%s%s", words, words[0] ? " " : "", entry->word));
        }
        mt_page_put(page, "    ");
        put_quoted(page, noun);
        mt_page_put(page, ")\n        if [[ $COMP_CWORD -eq 2 && $cur != -* ]]; then _merit_pick ");
        put_quoted(page, words);
        mt_page_put(page, "; return; fi\n        command=\"$noun ${COMP_WORDS[2]}\" at=3 ;;\n");
    }
    mt_page_put(page, "    esac\n");
    return page->code;
}

static mt_code put_commands(mt_page *page, const mt_catalog *catalog)
{
    const char *options, *words;
    mt_page_put(page, "    case $command in\n");
    for (size_t k = 0; k < catalog->n; k++) {
        const mt_entry *entry = &catalog->entry[k];
        MT_TRY(list_options(page->cx, &options, entry->option));
        MT_TRY(mt_shell_words(page->cx, &words, catalog, entry->positional));
        mt_page_put(page, "    ");
        put_quoted(page, entry->command);
        mt_page_put(page, ") options=");
        put_quoted(page, options);
        mt_page_put(page, " words=");
        put_quoted(page, words);
        mt_page_put(page, " ;;\n");
    }
    mt_page_put(page, "    esac\n");
    return page->code;
}

/* What follows each option that takes a value; nothing is offered where nobody knows. Command "" means any.
 */
static mt_code put_values(mt_page *page, const char *command, const mt_field *field)
{
    const char *typed, *choices;
    for (; field && field->name; field++) {
        if (field->type == MT_BOOL) continue;
        MT_TRY(mt_face_typed(page->cx, &typed, field->name));
        MT_TRY(mt_shell_choices(page->cx, &choices, field));
        MT_TRY(mt_text_format(page->cx, &typed, "%s --%s", command, typed));
        mt_page_put(page, command[0] ? "    " : "    *");
        put_quoted(page, typed);
        mt_page_put(page, ") ");
        if (mt_shell_takes_path(field)) mt_page_put(page, "_merit_files; ");
        if (choices[0]) {
            mt_page_put(page, "_merit_pick ");
            put_quoted(page, choices);
            mt_page_put(page, "; ");
        }
        mt_page_put(page, "return ;;\n");
    }
    return page->code;
}

static mt_code write_script(mt_page *page, const mt_face *face, const mt_catalog *catalog)
{
    const char *common;
    MT_TRY(list_options(page->cx, &common, face->common));
    mt_page_put(page, script_start);
    mt_page_put(page, "    local common=");
    put_quoted(page, common);
    mt_page_put(page, "\n");
    MT_TRY(put_nouns(page, catalog));
    MT_TRY(put_commands(page, catalog));
    mt_page_put(page, "    case \"$command $prev\" in\n");
    for (size_t k = 0; k < catalog->n; k++) {
        MT_TRY(put_values(page, catalog->entry[k].command, catalog->entry[k].option));
    }
    MT_TRY(put_values(page, "", face->common));
    mt_page_put(page, "    esac\n");
    mt_page_put(page, script_end);
    return page->code;
}

const mt_shell mt_shell_bash = {.name = "bash", .write = write_script};
