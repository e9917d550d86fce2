/* The completion script of fish (3 or newer). */
#include "face/shells/shell.h"

#include <string.h>

static const char script_start[] =
    "# Completion of merit for fish, made by `merit completion fish`.\n"
    "function __merit_words\n"
    "    set -l typed (commandline -opc)\n"
    "    set -e typed[1]\n"
    "    for word in $typed\n"
    "        string match -q -- '-*' $word; and break\n"
    "        echo $word\n"
    "    end\n"
    "end\n"
    "function __merit_at\n"
    "    set -l words (__merit_words)\n"
    "    test \"$words\" = \"$argv\"\n"
    "end\n"
    "function __merit_in\n"
    "    set -l words (__merit_words)\n"
    "    test \"$words[1..\"(count $argv)\"]\" = \"$argv\" 2>/dev/null\n"
    "end\n"
    "complete -c merit -f\n";

static void put_quoted(mt_page *page, const char *text)
{
    mt_shell_quote(page, text, "\\", "\\'");
}

/* complete -c merit -n '__merit_at market' -a 'clear' -d 'clear an auction' */
static mt_code put_word(mt_page *page, const char *at, const char *word, const char *summary)
{
    const char *condition;
    MT_TRY(mt_text_format(page->cx, &condition, "__merit_at%s%s", at[0] ? " " : "", at));
    mt_page_put(page, "complete -c merit -n ");
    put_quoted(page, condition);
    mt_page_put(page, " -a ");
    put_quoted(page, word);
    if (summary[0]) mt_page_put(page, " -d ");
    if (summary[0]) put_quoted(page, summary);
    mt_page_put(page, "\n");
    return page->code;
}

static mt_code put_option(mt_page *page, const char *command, const mt_field *field)
{
    const char *typed, *choices, *condition;
    MT_TRY(mt_face_typed(page->cx, &typed, field->name));
    MT_TRY(mt_shell_choices(page->cx, &choices, field));
    mt_page_put(page, "complete -c merit");
    if (command) {
        MT_TRY(mt_text_format(page->cx, &condition, "__merit_in %s", command));
        mt_page_put(page, " -n ");
        put_quoted(page, condition);
    }
    mt_page_put(page, " -l ");
    put_quoted(page, typed);
    if (mt_shell_takes_path(field)) mt_page_put(page, " -r -F");
    else if (field->type != MT_BOOL) mt_page_put(page, " -x");
    if (choices[0]) mt_page_put(page, " -a ");
    if (choices[0]) put_quoted(page, choices);
    if (field->doc) mt_page_put(page, " -d ");
    if (field->doc) put_quoted(page, field->doc);
    mt_page_put(page, "\n");
    return page->code;
}

static mt_code put_entry(mt_page *page, const mt_catalog *catalog, const mt_entry *entry)
{
    const char *words;
    MT_TRY(put_word(page, entry->word ? entry->noun : "", entry->word ? entry->word : entry->command,
                    entry->summary));
    MT_TRY(mt_shell_words(page->cx, &words, catalog, entry->positional));
    if (words[0]) MT_TRY(put_word(page, entry->command, words, ""));
    for (const mt_field *field = entry->option; field && field->name; field++) {
        MT_TRY(put_option(page, entry->command, field));
    }
    return page->code;
}

static mt_code write_script(mt_page *page, const mt_face *face, const mt_catalog *catalog)
{
    const char *summary;
    mt_page_put(page, script_start);
    for (size_t k = 0; k < catalog->n_noun; k++) {
        MT_TRY(mt_shell_summary(page->cx, &summary, catalog, catalog->noun[k]));
        MT_TRY(put_word(page, "", catalog->noun[k], summary));
    }
    for (size_t k = 0; k < catalog->n; k++) MT_TRY(put_entry(page, catalog, &catalog->entry[k]));
    for (const mt_field *field = face->common; field && field->name; field++) {
        MT_TRY(put_option(page, NULL, field));
    }
    return page->code;
}

const mt_shell mt_shell_fish = {.name = "fish", .write = write_script};
