/* What the tests of printed documents share: a document's text and fonts as other programs see them.
 *
 * Purpose   Included by tests only, after cmocka.h.
 * Ownership Folders are removed by the test that made them; programs end with it.
 */
#ifndef MT_OPS_VPP_RENDER_PDF_CASE_H
#define MT_OPS_VPP_RENDER_PDF_CASE_H

#include "formats/document/judge_case.h"
#include "io/pdf/pdf_case.h"

/* Poppler's programs are needed, or the press; skips without them. */
static inline void need_poppler(void)
{
    const char *const command[] = {"pdftotext", "-v", NULL};
    if (press_case && judge_run(command, NULL) == 0) return;
    print_message("skipped: needs pdftotext and pdffonts (Debian: poppler-utils) and DejaVu Sans\n");
    skip();
}

static inline void save_bytes(const char *path, mt_text bytes)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.at, 1, bytes.length, file), bytes.length);
    assert_int_equal(fclose(file), 0);
}

/* What a program of Poppler says of the document; free it. */
static inline char *ask_poppler(mt_text pdf, const char *program, const char *option)
{
    const char *folder = judge_folder(&ctx_case), *file = judge_path(&ctx_case, folder, "it.pdf");
    const char *said = judge_path(&ctx_case, folder, "said");
    const bool text = strcmp(program, "pdftotext") == 0;
    const char *const command[] = {program, option ? option : file,
                                   option ? file
                                   : text ? "-"
                                          : NULL,
                                   option && text ? "-" : NULL, NULL};
    save_bytes(file, pdf);
    assert_int_equal(judge_run(command, said), 0);
    char *answer = judge_read(said);
    judge_remove(folder);
    return answer;
}

static inline void expect_words(const char *text, const char *const *word)
{
    for (; *word; word++) {
        if (!strstr(text, *word)) fail_msg("\"%s\" is not in:\n%s", *word, text);
    }
}

/* Every font is embedded, in part, and its characters can be copied: "emb sub uni" say yes. */
static inline void expect_fonts(mt_text pdf)
{
    char *fonts = ask_poppler(pdf, "pdffonts", NULL);
    size_t n = judge_count(fonts, "DejaVuSans");
    assert_true(n >= 2);
    if (judge_count(fonts, "yes yes yes") != n) fail_msg("%s", fonts);
    free(fonts);
}

/* The path of Mustang, which brings veraPDF; skips where it was not fetched. `folder` is removed then. */
static inline const char *need_mustang(const char *folder)
{
    const char *const find[] = {"scripts/einvoice_validators", "mustang", NULL};
    const char *tools = judge_folder(&ctx_case), *at = judge_path(&ctx_case, tools, "where"), *jar = NULL;
    if (judge_run(find, at) == 0) {
        char *line = judge_read(at);
        line[strcspn(line, "\n")] = '\0';
        assert_int_equal(mt_text_copy(&ctx_case, &jar, mt_text_of(line)), MT_OK);
        free(line);
    }
    judge_remove(tools);
    if (jar) return jar;
    judge_remove(folder);
    print_message("skipped: needs Java and Mustang; scripts/einvoice_validators fetch brings it\n");
    skip();
    return NULL;
}

/* Runs it and counts a word of what it says; prints all of it when the count is another than `n`. */
static inline size_t ask_mustang(const char *const *command, const char *folder, const char *word, size_t n)
{
    const char *log = judge_path(&ctx_case, folder, "log.txt");
    (void)judge_run(command, log);
    char *report = judge_read(log);
    size_t found = judge_count(report, word);
    if (found != n) print_message("%s\n", report);
    print_message("Mustang and veraPDF: %s, %zu of %zu\n", word, found, n);
    free(report);
    return found;
}

/* Every PDF of the folder is PDF/A-3b with an e-invoice inside that keeps the rules. */
static inline void judge_invoices(const char *folder, size_t n)
{
    const char *jar = need_mustang(folder);
    const char *const command[] = {
        "java",     "-XX:TieredStopAtLevel=1", "-jar", jar,    "--disable-file-logging",
        "--action", "validateExpectValid",     "-d",   folder, "--no-notices",
        NULL};
    size_t valid = ask_mustang(command, folder, "PDF:valid XML:valid", n);
    judge_remove(folder);
    assert_int_equal(valid, n);
}

/* One file is PDF/A-3b; that nothing is inside of it is no matter here. */
static inline void judge_archive(const char *folder, const char *name)
{
    const char *jar = need_mustang(folder), *path = judge_path(&ctx_case, folder, name);
    const char *const command[] = {"java",
                                   "-XX:TieredStopAtLevel=1",
                                   "-jar",
                                   jar,
                                   "--disable-file-logging",
                                   "--action",
                                   "validate",
                                   "--source",
                                   path,
                                   "--no-notices",
                                   NULL};
    size_t valid =
        ask_mustang(command, folder, "flavour=3b", 1) + ask_mustang(command, folder, "isCompliant=true", 1);
    judge_remove(folder);
    assert_int_equal(valid, 2);
}

#endif
