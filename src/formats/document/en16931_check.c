/* The check of an electronic invoice: read, look up, ask every family. */
#include "formats/document/en16931_check.h"

#include "formats/document/check/rule.h"

#include <string.h>

enum { BREAKDOWNS_MAX = 1000 }; /* each is compared with every line */

static mt_code ask(mt_check *check, bool xrechnung)
{
    MT_TRY(mt_check_rules(check, mt_rules_presence()));
    MT_TRY(mt_check_rules(check, mt_rules_codes()));
    MT_TRY(mt_check_rules(check, mt_rules_sums()));
    MT_TRY(mt_rules_vat(check));
    if (check->model->syntax == MT_SYNTAX_UBL) MT_TRY(mt_check_rules(check, mt_rules_ubl()));
    if (xrechnung) MT_TRY(mt_check_rules(check, mt_rules_german()));
    return MT_OK;
}

mt_code mt_en16931_check_tree(mt_ctx *cx, mt_en16931_report *out, const mt_tree_node *invoice)
{
    mt_model *model = NULL;
    mt_check check = {.cx = cx};
    MT_TRY(MT_NEW(cx, &model, 1));
    MT_TRY(mt_model_of(cx, model, invoice));
    check.model = model;
    if (model->place[P_VAT].n > BREAKDOWNS_MAX)
        return mt_fail(cx, MT_E_TOO_LARGE, "%zu VAT breakdowns; an invoice has at most %d",
                       model->place[P_VAT].n, BREAKDOWNS_MAX);
    mt_en16931_report report = {.syntax = model->syntax == MT_SYNTAX_UBL ? "UBL" : "CII"};
    report.profile = mt_model_text(model, invoice, T_PROFILE);
    report.xrechnung = report.profile && strstr(report.profile, "xrechnung") != NULL;
    MT_TRY(ask(&check, report.xrechnung));
    report.finding = check.finding;
    report.n = check.n;
    for (size_t k = 0; k < check.n; k++) {
        report.errors += check.finding[k].severity == MT_ERROR ? 1 : 0;
        report.warnings += check.finding[k].severity == MT_WARNING ? 1 : 0;
    }
    *out = report;
    return MT_OK;
}

mt_code mt_en16931_check(mt_ctx *cx, mt_en16931_report *out, const char *name, mt_text bytes)
{
    const mt_tree_node *root = NULL;
    MT_TRY(mt_tree_read(cx, &root, name, bytes));
    mt_code code = mt_en16931_check_tree(cx, out, root);
    return code == MT_E_INPUT ? mt_fail_at(cx, "%s", name) : code;
}

size_t mt_en16931_rules(void)
{
    return mt_rules_presence().n + mt_rules_codes().n + mt_rules_sums().n + mt_rules_vat_count() +
           mt_rules_ubl().n + mt_rules_german().n;
}
