/* The check of e-invoices: every case of the published unit files, the test invoices, mutations, our own. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "formats/document/cii.h"
#include "formats/document/en16931_check.h"
#include "formats/document/ubl.h"
#include "formats/document/validator_case.h"

static mt_text read_file(mt_ctx *cx, const char *path)
{
    mt_text text;
    char *bytes = judge_read(path);
    const char *copy = NULL;
    assert_int_equal(mt_text_copy(cx, &copy, mt_text_of(bytes)), MT_OK);
    text = mt_text_of(copy);
    free(bytes);
    return text;
}

static const char *need_folder(mt_ctx *cx, const char *name)
{
    const char *folder = judge_shared(cx, name);
    if (access(folder, R_OK) != 0) {
        printf("skipped: %s is not here\n", folder);
        skip();
    }
    return folder;
}

static size_t count_rule(const mt_en16931_report *report, const char *rule)
{
    size_t n = 0;
    for (size_t k = 0; k < report->n; k++) n += strcmp(report->finding[k].rule, rule) == 0 ? 1 : 0;
    return n;
}

static void print_report(const mt_en16931_report *report)
{
    for (size_t k = 0; k < report->n; k++)
        printf("  %s %s line %llu: %s\n", mt_severity_name(report->finding[k].severity),
               report->finding[k].rule, (unsigned long long)report->finding[k].line,
               report->finding[k].sentence);
}

/* --- the unit files: each case says which rule holds or how often it fails --- */

struct tally {
    size_t files, whole, cases, right;
};

static bool is_as_said(mt_ctx *cx, const mt_tree_node *test, const mt_tree_node *says)
{
    const mt_tree_node *invoice = mt_tree_first(test, "Invoice,CreditNote");
    const char *number = mt_tree_attribute_of(says, mt_text_of("number"));
    mt_en16931_report report;
    assert_non_null(invoice);
    if (mt_en16931_check_tree(cx, &report, invoice) != MT_OK) fail_msg("%s", cx->err);
    size_t n = count_rule(&report, says->text);
    if (strcmp(says->name, "success") == 0) return n == 0;
    return number ? n == (size_t)atoi(number) : n > 0;
}

static void try_case(mt_ctx *cx, const char *path, const mt_tree_node *test, struct tally *tally)
{
    const mt_tree_node *list = mt_tree_first(test, "assert");
    assert_non_null(list);
    for (const mt_tree_node *says = list->child; says; says = says->next) {
        if (strcmp(says->name, "description") == 0 || strcmp(says->name, "scope") == 0) continue;
        bool right = is_as_said(cx, test, says);
        tally->cases++;
        tally->right += right ? 1 : 0;
        if (!right)
            printf("%s line %llu: %s %s is not what was found\n", path, (unsigned long long)test->line,
                   says->name, says->text);
    }
}

static void try_file(mt_ctx *cx, const char *path, struct tally *tally)
{
    const mt_tree_node *root = NULL;
    size_t wrong = tally->cases - tally->right;
    if (mt_tree_read(cx, &root, path, read_file(cx, path)) != MT_OK) fail_msg("%s", cx->err);
    for (const mt_tree_node *test = root->child; test; test = test->next)
        if (strcmp(test->name, "test") == 0) try_case(cx, path, test, tally);
    tally->files++;
    tally->whole += wrong == tally->cases - tally->right ? 1 : 0;
}

static void check__keeps_every_case_of_the_published_unit_files(void **state)
{
    mt_ctx *cx = *state;
    struct tally tally = {0};
    const char *folder = need_folder(cx, "data/einvoice/unit_ubl");
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
        if (entry->d_name[0] == '.') continue;
        mt_mark mark = mt_arena_mark(&cx->arena);
        try_file(cx, judge_path(cx, folder, entry->d_name), &tally);
        mt_arena_reset(&cx->arena, mark);
    }
    (void)closedir(dir);
    printf("%zu of %zu files, %zu of %zu cases; %zu rules\n", tally.whole, tally.files, tally.right,
           tally.cases, mt_en16931_rules());
    assert_true(tally.files >= 200 && tally.cases >= 900);
    assert_int_equal(tally.right, tally.cases);
}

/* --- the test invoices of XRechnung --- */

static void check__finds_nothing_wrong_in_the_test_invoices(void **state)
{
    mt_ctx *cx = *state;
    size_t files = 0, errors = 0;
    const char *folder = need_folder(cx, "data/einvoice/testsuite");
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
        mt_en16931_report report;
        if (entry->d_name[0] == '.') continue;
        const char *path = judge_path(cx, folder, entry->d_name);
        if (mt_en16931_check(cx, &report, path, read_file(cx, path)) != MT_OK) fail_msg("%s", cx->err);
        assert_true(report.xrechnung);
        if (report.errors) printf("%s:\n", entry->d_name);
        if (report.errors) print_report(&report);
        errors += report.errors;
        files++;
    }
    (void)closedir(dir);
    assert_int_equal(files, 14);
    assert_int_equal(errors, 0);
}

/* --- our own documents, and what is said of them once they are wrong --- */

static const char *write_pair(mt_ctx *cx, case_write_fn *write, judge_pair pair)
{
    return case_written(cx, write, case_invoice(cx, pair.kind, pair.category), MT_PROFILE_XRECHNUNG);
}

static void check__finds_nothing_in_what_we_write(void **state)
{
    case_write_fn *const writers[] = {mt_ubl_write, mt_cii_write};
    for (size_t k = 0; k < 2 * JUDGE_PAIRS; k++) {
        mt_en16931_report report;
        const char *text = write_pair(*state, writers[k % 2], judge_pairs[k / 2]);
        assert_int_equal(mt_en16931_check(*state, &report, "own", mt_text_of(text)), MT_OK);
        print_report(&report);
        assert_int_equal(report.n, 0);
        assert_true(report.xrechnung);
        assert_string_equal(report.syntax, k % 2 ? "CII" : "UBL");
    }
}

/* The text with the first `from` replaced. */
static const char *change(mt_ctx *cx, const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from), *changed = NULL;
    if (!at) fail_msg("%s is not in the document", from);
    assert_int_equal(mt_text_format(cx, &changed, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from)),
                     MT_OK);
    return changed;
}

static const struct mutation {
    case_write_fn *write;
    mt_vat_category category;
    const char *from, *to, *rule, *says;
} mutations[] = {
    {mt_ubl_write, MT_VAT_S, "<cbc:ID>GS-2025-S-000042</cbc:ID>", "", "BR-02", "invoice number (BT-1)"},
    {mt_ubl_write, MT_VAT_S, ">389<", ">399<", "BR-CL-01", "\"399\" was found"},
    {mt_ubl_write, MT_VAT_S, "LineExtensionAmount currencyID=\"EUR\">279336.19",
     "LineExtensionAmount "
     "currencyID=\"EUR\">279336.18",
     "BR-CO-10", "271054.94 was found, 271054.93 would be right"},
    {mt_ubl_write, MT_VAT_S, "</cbc:TaxableAmount>\n      <cbc:TaxAmount currencyID=\"EUR\">51500.44",
     "</cbc:TaxableAmount><cbc:TaxAmount currencyID=\"EUR\">51500.45", "MT-03",
     "51500.45 was found, 51500.44 would be right"},
    {mt_ubl_write, MT_VAT_S, ">322555.38<", ">322555.39<", "BR-CO-15", "322555.39 was found"},
    {mt_ubl_write, MT_VAT_S, ">2.5<", ">2.6<", "PEPPOL-EN16931-R120", "-8737.30 would be right"},
    {mt_ubl_write, MT_VAT_S, ">2.5<", ">-2.5<", "BR-27", "\"-2.5\" was found"},
    {mt_ubl_write, MT_VAT_S, ">-8401.25<", ">-8401.250<", "UBL-DT-01", "\"-8401.250\" was found"},
    {mt_ubl_write, MT_VAT_S, ">DE123456789<", ">ZZ123456789<", "BR-CO-09", "\"ZZ123456789\" was found"},
    {mt_ubl_write, MT_VAT_S, ">DE89370400440532013000<", ">DE89370400440532013001<", "BR-DE-19",
     "valid IBAN"},
    {mt_ubl_write, MT_VAT_S, "<cbc:BuyerReference>04011000-12345-03</cbc:BuyerReference>", "", "BR-DE-15",
     "buyer reference (BT-10)"},
    {mt_ubl_write, MT_VAT_AE, "<cbc:Percent>0</cbc:Percent>", "<cbc:Percent>19</cbc:Percent>", "BR-CO-17",
     "0.00 was found, 51500.44 would be right"},
    {mt_ubl_write, MT_VAT_O, "<cac:PartyLegalEntity>",
     "<cac:PartyTaxScheme><cbc:CompanyID>DE123456789"
     "</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>"
     "<cac:PartyLegalEntity>",
     "BR-O-02", "no VAT identifier may be told"},
    {mt_cii_write, MT_VAT_S, ">389<", "> <", "BR-04", "type code (BT-3)"},
    {mt_cii_write, MT_VAT_S, "<ram:LineTotalAmount>279336.19", "<ram:LineTotalAmount>279336.18", "BR-CO-10",
     "271054.93 would be right"},
    {mt_cii_write, MT_VAT_S, ">51500.44<", ">51500.45<", "BR-CO-14", "51500.44 was found, 51500.45 would"},
    {mt_cii_write, MT_VAT_E,
     "<ram:ExemptionReason>Exempt as a small business, sec. 19 UStG</ram:ExemptionReason>", "", "BR-E-10",
     "its breakdown says why"},
    {mt_cii_write, MT_VAT_AE, "<ram:RateApplicablePercent>0<", "<ram:RateApplicablePercent>19<", "BR-AE-05",
     "\"19\" was found"},
    {mt_cii_write, MT_VAT_S, "unitCode=\"MWH\"", "unitCode=\"MWh\"", "BR-CL-23", "\"MWh\" was found"},
    {mt_cii_write, MT_VAT_S, ">20250703<", ">20250732<", "MT-02", "\"20250732\" was found"},
    {mt_cii_write, MT_VAT_S, ">12.000004<", ">1,5<", "MT-01", "\"1,5\" was found"},
};

static bool says_so(const mt_en16931_report *report, const struct mutation *of)
{
    for (size_t k = 0; k < report->n; k++)
        if (strcmp(report->finding[k].rule, of->rule) == 0 && strstr(report->finding[k].sentence, of->says))
            return true;
    return false;
}

static void check__finds_each_mistake_by_its_rule_and_says_what_would_be_right(void **state)
{
    for (size_t k = 0; k < sizeof mutations / sizeof *mutations; k++) {
        const struct mutation *of = &mutations[k];
        judge_pair pair = {MT_DOC_SELF_BILLED, of->category};
        mt_en16931_report report;
        const char *text = change(*state, write_pair(*state, of->write, pair), of->from, of->to);
        if (mt_en16931_check(*state, &report, "changed", mt_text_of(text)) != MT_OK)
            fail_msg("%s", ctx_case.err);
        if (!says_so(&report, of)) print_report(&report);
        if (!says_so(&report, of)) fail_msg("%s: \"%s\" was not said", of->rule, of->says);
    }
}

/* Each test invoice, three times wrong: its currency, its amount due, the price of its first line. */
static void check__finds_what_is_changed_in_the_test_invoices(void **state)
{
    static const struct {
        bool cii;
        const char *from, *to, *rule;
    } wrong[] = {
        {false, "DocumentCurrencyCode>EUR<", "DocumentCurrencyCode>EUX<", "BR-CL-04"},
        {false, "PayableAmount currencyID=\"EUR\">", "PayableAmount currencyID=\"EUR\">1", "BR-CO-16"},
        {false, "PriceAmount currencyID=\"EUR\">", "PriceAmount currencyID=\"EUR\">9", "PEPPOL-EN16931-R120"},
        {true, "InvoiceCurrencyCode>EUR<", "InvoiceCurrencyCode>EUX<", "BR-CL-04"},
        {true, "DuePayableAmount>", "DuePayableAmount>1", "BR-CO-16"},
        {true, "BilledQuantity unitCode=\"", "BilledQuantity unitCode=\"?", "BR-CL-23"}};
    mt_ctx *cx = *state;
    const char *folder = need_folder(cx, "data/einvoice/testsuite");
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
        mt_en16931_report report;
        bool cii = strstr(entry->d_name, "uncefact") != NULL;
        if (entry->d_name[0] == '.') continue;
        const char *text = read_file(cx, judge_path(cx, folder, entry->d_name)).at;
        for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
            if (wrong[k].cii != cii) continue;
            const char *changed = change(cx, text, wrong[k].from, wrong[k].to);
            assert_int_equal(mt_en16931_check(cx, &report, entry->d_name, mt_text_of(changed)), MT_OK);
            if (count_rule(&report, wrong[k].rule) == 0)
                fail_msg("%s: %s was not found", entry->d_name, wrong[k].rule);
        }
    }
    (void)closedir(dir);
}

static void check__refuses_what_is_no_invoice(void **state)
{
    mt_ctx *cx = *state;
    mt_en16931_report report;
    assert_int_equal(mt_en16931_check(cx, &report, "x.xml", mt_text_of("<Order/>")), MT_E_INPUT);
    assert_non_null(strstr(cx->err, "x.xml: line 1: the root is Order"));
    assert_int_equal(mt_en16931_check(cx, &report, "x.xml", mt_text_of("<Invoice>")), MT_E_INPUT);
    assert_int_equal(mt_en16931_check(cx, &report, "x.xml", mt_text_of("<Invoice/>")), MT_OK);
    assert_true(count_rule(&report, "BR-16") == 1 && count_rule(&report, "BR-01") == 1);
    assert_false(report.xrechnung);
}

/* --- every leaf left out or changed: our findings beside those of the published rules --- */

/* The end of the line at `at`; a leaf has its end tag on the same line. */
static bool is_leaf_line(const char *at, size_t n)
{
    return n > 4 && memchr(at, '<', n) && strspn(at, " ") < n && at[n - 1] == '>' && memmem(at, n, "</", 2) &&
           at[strspn(at, " ") + 1] != '/';
}

/* Another text in the leaf: a number stays one; days are left alone: the published rules break off there. */
static const char *change_leaf(mt_ctx *cx, const char *text, const char *line, size_t n)
{
    const char *from = memchr(line, '>', n), *changed = NULL;
    size_t inside = strcspn(++from, "<");
    char old[64] = "";
    if (memmem(line, n, "Date", 4) || inside >= sizeof old) return NULL;
    memcpy(old, from, inside);
    const char *to = strspn(old, "-.0123456789") == inside ? "7.77" : "QQ";
    assert_int_equal(mt_text_format(cx, &changed, "%.*s%s%s", (int)(from - text), text, to, from + inside),
                     MT_OK);
    return changed;
}

static size_t save_changes(mt_ctx *cx, const char *folder, const char *text, size_t n)
{
    for (const char *line = text; *line; line += strcspn(line, "\n") + 1) {
        size_t length = strcspn(line, "\n");
        const char *without = NULL, *name = NULL;
        if (!is_leaf_line(line, length)) continue;
        assert_int_equal(mt_text_format(cx, &without, "%.*s%s", (int)(line - text), text, line + length + 1),
                         MT_OK);
        const char *with = change_leaf(cx, text, line, length);
        for (int k = 0; k < 2; k++) {
            if (k == 1 && !with) continue;
            assert_int_equal(mt_text_format(cx, &name, "%04zu.xml", n++), MT_OK);
            judge_save(cx, folder, name, k ? with : without);
        }
    }
    return n;
}

/* What the published rules and ours both know: neither those of XRechnung nor our own. */
static bool is_shared(const char *rule)
{
    static const char *const ours[] = {"BR-DE-", "BR-CO-25", "BR-B-", "BR-CL-08", "BR-DEC-15"};
    if (strncmp(rule, "BR-", 3) != 0) return false;
    for (size_t k = 0; k < sizeof ours / sizeof *ours; k++)
        if (strncmp(rule, ours[k], strlen(ours[k])) == 0) return false;
    return true;
}

/* Where the published rules differ from the norm. CII: a count of two uses stands for a breakdown (01), gross
 * may equal net whatever the VAT (CO-15), a line is taken for a breakdown (O-11), and of a breakdown of
 * category O nothing else is asked (45, 46, CO-17). UBL: a line without category is one of another (O-12). */
static const struct difference {
    bool cii;
    const char *rule;
} differences[] = {{true, "BR-S-01"}, {true, "BR-O-01"}, {true, "BR-CO-15"}, {true, "BR-O-11"},
                   {true, "BR-45"},   {true, "BR-46"},   {true, "BR-CO-17"}, {false, "BR-O-12"}};

struct comparison {
    const char *in, *out;
    bool cii;
    size_t asserts, known, differ;
};

static void note_difference(struct comparison *of, const char *name, const char *who, const char *rule)
{
    for (size_t k = 0; k < sizeof differences / sizeof *differences; k++)
        if (differences[k].cii == of->cii && strcmp(differences[k].rule, rule) == 0) {
            of->known++;
            return;
        }
    printf("%s: only %s find %s\n", name, who, rule);
    of->differ++;
}

/* Rules of the report that we did not find, and the other way round. */
static void compare_changes(mt_ctx *cx, struct comparison *of, const char *name)
{
    static const char mark[] = "id=\"", failed[] = "<svrl:failed-assert";
    mt_en16931_report report;
    const char *path = judge_path(cx, of->in, name);
    char *published = judge_read(judge_path(cx, of->out, name));
    if (mt_en16931_check(cx, &report, path, read_file(cx, path)) != MT_OK) fail_msg("%s", cx->err);
    for (const char *at = strstr(published, failed); at; at = strstr(at + 1, failed)) {
        const char *id = strstr(at, mark) + strlen(mark);
        char rule[40] = "";
        memcpy(rule, id, strcspn(id, "\"") < sizeof rule ? strcspn(id, "\"") : 0);
        if (!is_shared(rule)) continue;
        of->asserts++;
        if (count_rule(&report, rule) == 0) note_difference(of, name, "the published rules", rule);
    }
    for (size_t k = 0; k < report.n; k++) {
        const char *id = NULL, *rule = report.finding[k].rule;
        assert_int_equal(mt_text_format(cx, &id, "id=\"%s\"", rule), MT_OK);
        if (is_shared(rule) && !strstr(published, id)) note_difference(of, name, "we", rule);
    }
    free(published);
}

static void compare(mt_ctx *cx, const char *rules, case_write_fn *write)
{
    static const mt_vat_category categories[] = {MT_VAT_S, MT_VAT_AE, MT_VAT_O};
    size_t n = 0;
    const char *jar = judge_needs_saxon(judge_shared(cx, rules)), *folder = judge_folder(cx);
    struct comparison of = {.in = judge_folder_in(cx, folder, "in"),
                            .out = judge_folder_in(cx, folder, "out"),
                            .cii = write == mt_cii_write};
    for (size_t k = 0; k < 3; k++) {
        judge_pair pair = {MT_DOC_SELF_BILLED, categories[k]};
        n = save_changes(cx, of.in, write_pair(cx, write, pair), n);
    }
    int status = judge_transform(cx, jar, judge_shared(cx, rules), of.in, of.out);
    for (size_t k = 0; k < n && status == 0; k++) {
        const char *name = NULL;
        assert_int_equal(mt_text_format(cx, &name, "%04zu.xml", k), MT_OK);
        compare_changes(cx, &of, name);
    }
    judge_remove(folder);
    printf("%zu changed documents, %zu failed asserts; found by one side only: %zu, known: %zu\n", n,
           of.asserts, of.differ, of.known);
    assert_int_equal(status, 0);
    assert_true(n > 300 && of.asserts > 300);
    assert_int_equal(of.differ, 0);
}

static void check__agrees_with_the_published_rules_on_every_changed_leaf_of_ubl(void **state)
{
    compare(*state, "data/einvoice/en16931/EN16931-UBL-validation.xslt", mt_ubl_write);
}

static void check__agrees_with_the_published_rules_on_every_changed_leaf_of_cii(void **state)
{
    compare(*state, "data/einvoice/en16931/EN16931-CII-validation.xslt", mt_cii_write);
}

int main(void)
{
    const struct CMUnitTest test[] = {
        IN_CONTEXT(check__keeps_every_case_of_the_published_unit_files),
        IN_CONTEXT(check__finds_nothing_wrong_in_the_test_invoices),
        IN_CONTEXT(check__finds_nothing_in_what_we_write),
        IN_CONTEXT(check__finds_each_mistake_by_its_rule_and_says_what_would_be_right),
        IN_CONTEXT(check__finds_what_is_changed_in_the_test_invoices),
        IN_CONTEXT(check__refuses_what_is_no_invoice),
        IN_CONTEXT(check__agrees_with_the_published_rules_on_every_changed_leaf_of_ubl),
        IN_CONTEXT(check__agrees_with_the_published_rules_on_every_changed_leaf_of_cii),
    };
    return cmocka_run_group_tests_name("en16931_check", test, NULL, NULL);
}
