/* What the tests share that put documents before an outside judge: folders, files, programs.
 *
 * Purpose   Included by tests only, after cmocka.h.
 * Ownership A program that is started ends with the test, whatever ends it; the folder is the test's to
 *           remove.
 */
#ifndef MT_FORMATS_DOCUMENT_JUDGE_CASE_H
#define MT_FORMATS_DOCUMENT_JUDGE_CASE_H

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "formats/document/invoice_case.h"

typedef struct judge_pair {
    mt_document_kind kind;
    mt_vat_category category;
} judge_pair;

/* Every kind of document with every category it can have. */
static const judge_pair judge_pairs[] = {
    {MT_DOC_SELF_BILLED, MT_VAT_S}, {MT_DOC_SELF_BILLED, MT_VAT_AE}, {MT_DOC_SELF_BILLED, MT_VAT_E},
    {MT_DOC_SELF_BILLED, MT_VAT_O}, {MT_DOC_SERVICE, MT_VAT_S},      {MT_DOC_SERVICE, MT_VAT_AE},
    {MT_DOC_SERVICE, MT_VAT_E},     {MT_DOC_DAMAGES, MT_VAT_O},      {MT_DOC_CLAIM, MT_VAT_S},
    {MT_DOC_CLAIM, MT_VAT_O},       {MT_DOC_CORRECTION, MT_VAT_S},   {MT_DOC_CORRECTION, MT_VAT_AE},
    {MT_DOC_CORRECTION, MT_VAT_E},  {MT_DOC_CORRECTION, MT_VAT_O}};

enum { JUDGE_PAIRS = sizeof judge_pairs / sizeof *judge_pairs };

static inline const char *judge_path(mt_ctx *cx, const char *folder, const char *name)
{
    const char *path = NULL;
    assert_int_equal(mt_text_format(cx, &path, "%s/%s", folder, name), MT_OK);
    return path;
}

static inline const char *judge_shared(mt_ctx *cx, const char *name)
{
    const char *shared = getenv("MERIT_SHARED");
    return judge_path(cx, shared ? shared : "../shared", name);
}

static inline const char *judge_folder(mt_ctx *cx)
{
    char folder[] = "/tmp/merit_judge_XXXXXX";
    const char *path = NULL;
    assert_non_null(mkdtemp(folder));
    assert_int_equal(mt_text_copy(cx, &path, mt_text_of(folder)), MT_OK);
    return path;
}

static inline const char *judge_folder_in(mt_ctx *cx, const char *folder, const char *name)
{
    const char *path = judge_path(cx, folder, name);
    assert_int_equal(mkdir(path, 0700), 0);
    return path;
}

static inline void judge_save(mt_ctx *cx, const char *folder, const char *name, const char *text)
{
    FILE *file = fopen(judge_path(cx, folder, name), "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

/* One file of the folder for each pair: NAME.xml, named after its number. */
static inline void judge_save_all(mt_ctx *cx, const char *folder, case_write_fn *write, const char *profile)
{
    for (size_t k = 0; k < JUDGE_PAIRS; k++) {
        const mt_invoice *invoice = case_invoice(cx, judge_pairs[k].kind, judge_pairs[k].category);
        const char *name = NULL;
        assert_int_equal(mt_text_format(cx, &name, "%s.xml", invoice->number), MT_OK);
        judge_save(cx, folder, name, case_written(cx, write, invoice, profile));
    }
}

static inline char *judge_read(const char *path) /* free it */
{
    FILE *file = fopen(path, "r");
    if (!file) fail_msg("%s", path);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long n = ftell(file);
    rewind(file);
    char *text = malloc((size_t)n + 1);
    assert_non_null(text);
    assert_int_equal(fread(text, 1, (size_t)n, file), (size_t)n);
    text[n] = '\0';
    (void)fclose(file);
    return text;
}

/* The exit status of a program; what it prints goes to `into`, or nowhere. */
static inline int judge_run(const char *const *argument, const char *into)
{
    int status = 0;
    pid_t parent = getpid(), child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent) _exit(126);
        int to = open(into ? into : "/dev/null", O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (to < 0 || dup2(to, STDOUT_FILENO) < 0 || dup2(to, STDERR_FILENO) < 0) _exit(126);
        execvp(argument[0], (char *const *)(uintptr_t)argument);
        _exit(127);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static inline void judge_remove(const char *folder)
{
    const char *const command[] = {"rm", "-rf", folder, NULL};
    assert_int_equal(judge_run(command, NULL), 0);
}

static inline bool judge_has_java(void)
{
    const char *const command[] = {"java", "-version", NULL};
    return judge_run(command, NULL) == 0;
}

static inline size_t judge_count(const char *text, const char *word)
{
    size_t n = 0;
    for (const char *at = strstr(text, word); at; at = strstr(at + 1, word)) n++;
    return n;
}

#endif
