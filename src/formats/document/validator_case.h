/* The outside judges of e-invoices that tests ask: the published rules, Mustang, XML schemas.
 *
 * Purpose   Included by tests only, after cmocka.h.
 */
#ifndef MT_FORMATS_DOCUMENT_VALIDATOR_CASE_H
#define MT_FORMATS_DOCUMENT_VALIDATOR_CASE_H

#include "formats/document/judge_case.h"
#include "io/xml.h"

/* Prints what failed; *fired counts the rules that were looked at. */
static inline size_t judge_failed(const char *path, size_t *fired)
{
    static const char word[] = "<svrl:failed-assert";
    char *report = judge_read(path);
    size_t failed = judge_count(report, word);
    *fired += judge_count(report, "<svrl:fired-rule");
    for (const char *at = strstr(report, word); at; at = strstr(at + 1, word))
        printf("%s: %.600s\n", path, at);
    free(report);
    return failed;
}

static inline size_t judge_look_through(mt_ctx *cx, const char *folder, size_t *reports, size_t *fired)
{
    size_t failed = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
        if (entry->d_name[0] == '.') continue;
        failed += judge_failed(judge_path(cx, folder, entry->d_name), fired);
        ++*reports;
    }
    (void)closedir(dir);
    return failed;
}

static inline int judge_transform(mt_ctx *cx, const char *jar, const char *rules, const char *from,
                                  const char *into)
{
    const char *source, *target, *style;
    assert_int_equal(mt_text_format(cx, &source, "-s:%s", from), MT_OK);
    assert_int_equal(mt_text_format(cx, &target, "-o:%s", into), MT_OK);
    assert_int_equal(mt_text_format(cx, &style, "-xsl:%s", rules), MT_OK);
    const char *const command[] = {
        "java", "-XX:TieredStopAtLevel=1", "-cp", jar, "net.sf.saxon.Transform", source, target, style, NULL};
    return judge_run(command, judge_path(cx, into, ".log"));
}

/* Saxon's jar (MERIT_SAXON, else Debian's); skips where it, Java or the rules are not there. */
static inline const char *judge_needs_saxon(const char *rules)
{
    const char *jar = getenv("MERIT_SAXON");
    if (!jar) jar = "/usr/share/java/Saxon-HE.jar";
    if (access(rules, R_OK) != 0 || access(jar, R_OK) != 0 || !judge_has_java()) {
        printf("skipped: needs Java, %s and %s\n", jar, rules);
        skip();
    }
    return jar;
}

/* The published EN 16931 rules over every pair, run by Saxon: Java, Saxon-HE (MERIT_SAXON, else Debian's) and
 * the shared reference data are needed; skips without them. */
static inline void judge_by_rules(mt_ctx *cx, const char *name, case_write_fn *write, const char *profile)
{
    size_t reports = 0, fired = 0;
    const char *rules = judge_shared(cx, name), *jar = judge_needs_saxon(rules);
    const char *folder = judge_folder(cx);
    const char *in = judge_folder_in(cx, folder, "in"), *out = judge_folder_in(cx, folder, "out");
    judge_save_all(cx, in, write, profile);
    int status = judge_transform(cx, jar, rules, in, out);
    size_t failed = status == 0 ? judge_look_through(cx, out, &reports, &fired) : 0;
    judge_remove(folder);
    assert_int_equal(status, 0);
    printf("%zu documents, %zu rules fired, %zu asserts failed\n", reports, fired, failed);
    assert_int_equal(reports, JUDGE_PAIRS);
    assert_true(fired > (size_t)30 * JUDGE_PAIRS); /* the rules saw the documents */
    assert_int_equal(failed, 0);
}

/* The path of what scripts/einvoice_validators fetched; skips where it did not. */
static inline const char *judge_fetched(mt_ctx *cx, const char *what)
{
    const char *const command[] = {"scripts/einvoice_validators", what, NULL};
    const char *folder = judge_folder(cx), *said = judge_path(cx, folder, "said"), *path = NULL;
    int status = judge_run(command, said);
    char *text = judge_read(said);
    assert_int_equal(mt_text_copy(cx, &path, (mt_text){text, strcspn(text, "\n")}), MT_OK);
    free(text);
    judge_remove(folder);
    if (status == 0) return path;
    printf("skipped: scripts/einvoice_validators %s says: %s\n", what, path);
    skip();
    return NULL;
}

/* Mustang over every pair, as a validator that shares no line with Merit; skips where it was not fetched. */
static inline void judge_by_mustang(mt_ctx *cx, case_write_fn *write, const char *profile)
{
    const char *jar = judge_fetched(cx, "mustang"), *folder = judge_folder(cx);
    const char *in = judge_folder_in(cx, folder, "in"), *log = judge_path(cx, folder, "log");
    judge_save_all(cx, in, write, profile);
    const char *const command[] = {
        "java", "-jar",         jar, "--disable-file-logging", "--action", "validateExpectValid", "-d",
        in,     "--no-notices", NULL};
    int status = judge_run(command, log);
    char *report = judge_read(log);
    size_t valid = judge_count(report, "XML:valid");
    bool all = strstr(report, "Overall test result: valid") != NULL;
    if (!all || valid != JUDGE_PAIRS) printf("%s\n", report);
    printf("Mustang: %zu of %d documents valid\n", valid, (int)JUDGE_PAIRS);
    free(report);
    judge_remove(folder);
    assert_int_equal(status, 0);
    assert_true(all);
    assert_int_equal(valid, JUDGE_PAIRS);
}

/* Every pair against an XML schema. */
static inline void judge_by_schema(mt_ctx *cx, case_write_fn *write, const char *profile, const char *schema)
{
    if (access(schema, R_OK) != 0) {
        printf("skipped: the schema %s is not here\n", schema);
        skip();
    }
    for (size_t k = 0; k < JUDGE_PAIRS; k++) {
        mt_xml_breaches found;
        const mt_invoice *invoice = case_invoice(cx, judge_pairs[k].kind, judge_pairs[k].category);
        const char *text = case_written(cx, write, invoice, profile);
        if (mt_xml_validate(cx, &found, invoice->number, mt_text_of(text), schema) != MT_OK)
            fail_msg("%s", cx->err);
        if (found.n > 0)
            fail_msg("%s, line %d: %s", invoice->number, (int)found.at[0].line, found.at[0].sentence);
    }
}

#endif
