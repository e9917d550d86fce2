/* Payable documents as a SEPA credit transfer: chosen, then written in blocks of one day. */
#include "formats/document/pain001.h"

#include "formats/document/amount.h"
#include "formats/document/iban.h"
#include "formats/document/sepa_text.h"
#include "formats/document/xml_write.h"

#include <stdio.h>
#include <string.h>

enum { ID_MAX = 35, NAME_MAX = 70, REMITTANCE_MAX = 140, VERSION_OLD = 3, VERSION_NEW = 9 };

static const int64_t most_cent = 99999999999; /* 999,999,999.99 EUR */

struct payment {
    const mt_invoice *invoice;
    mt_day day;
    char iban[MT_IBAN_MAX];
};

typedef struct batch {
    const mt_pain001_options *options;
    struct payment *payment;
    size_t n;
    mt_pain001_result *result;
    char iban[MT_IBAN_MAX]; /* of the debtor */
} batch;

static bool is_payer(const mt_party *buyer, const mt_party *debtor)
{
    const char *a = buyer->party_id ? buyer->party_id : "", *b = debtor->party_id ? debtor->party_id : "";
    return *a && strcmp(a, b) == 0;
}

/* An identification may neither begin nor end with a slash, nor hold two in a row. */
static bool is_reference(const char *id)
{
    size_t n = strlen(id);
    return n > 0 && n <= ID_MAX && mt_sepa_is_text(id) && id[0] != '/' && id[n - 1] != '/' &&
           !strstr(id, "//");
}

/* NULL: nothing stands against it. */
static const char *why_not(const mt_invoice *invoice, const batch *of)
{
    char iban[MT_IBAN_MAX];
    if (!invoice->number || !*invoice->number) return "it is a draft without a number";
    if (!is_reference(invoice->number))
        return "its number cannot be a payment's identification (35 characters)";
    if (!is_payer(&invoice->buyer, of->options->debtor)) return "another party pays it";
    if (!invoice->currency || strcmp(invoice->currency, "EUR") != 0) return "it is not in EUR";
    if (invoice->gross_cent == 0) return "its amount is 0";
    if (invoice->gross_cent < 0) return "its amount is negative: it is collected or offset, not paid";
    if (invoice->gross_cent > most_cent) return "its amount is above 999,999,999.99 EUR";
    if (!invoice->seller.name || !*invoice->seller.name) return "the payee has no name";
    if (!mt_iban_read(invoice->seller.iban, iban))
        return "the payee's IBAN is missing or its checksum is wrong";
    for (size_t k = 0; k < of->n; k++)
        if (strcmp(of->payment[k].invoice->number, invoice->number) == 0) return "its number came before";
    return NULL;
}

static mt_day day_of(const mt_invoice *invoice, const mt_pain001_options *options)
{
    mt_day day = invoice->due == MT_DAY_NONE ? invoice->issued : invoice->due;
    return options->earliest != MT_DAY_NONE && (day == MT_DAY_NONE || day < options->earliest)
               ? options->earliest
               : day;
}

static void choose(batch *of, const mt_invoice *invoice)
{
    mt_pain001_result *result = of->result;
    const char *reason = why_not(invoice, of);
    mt_day day = day_of(invoice, of->options);
    if (!reason && day == MT_DAY_NONE) reason = "it has neither a due day nor a day of issue";
    if (reason) {
        result->left[result->n_left++] = (mt_pain001_left){invoice, reason};
        return;
    }
    struct payment *next = &of->payment[of->n++];
    next->invoice = invoice;
    next->day = day;
    (void)mt_iban_read(invoice->seller.iban, next->iban);
    result->paid++;
    result->sum_cent += invoice->gross_cent;
}

static mt_code check_options(mt_ctx *cx, batch *of)
{
    const mt_pain001_options *options = of->options;
    if (!options->debtor->name || !*options->debtor->name)
        return mt_fail(cx, MT_E_INPUT, "the party that pays has no name");
    if (!mt_iban_read(options->debtor->iban, of->iban))
        return mt_fail(cx, MT_E_INPUT, "%s: IBAN \"%s\"; a valid one of the account that pays was expected",
                       options->debtor->name, options->debtor->iban ? options->debtor->iban : "");
    if (!options->message_id || !is_reference(options->message_id))
        return mt_fail(cx, MT_E_INPUT, "message identification \"%s\"; 1 to 35 SEPA characters were expected",
                       options->message_id ? options->message_id : "");
    if (options->version != 0 && options->version != VERSION_OLD && options->version != VERSION_NEW)
        return mt_fail(cx, MT_E_INPUT, "pain.001.001.%02d is not written; 3 or 9 were expected",
                       options->version);
    return MT_OK;
}

static void write_text(mt_xml_writer *xml, const char *name, const char *text, size_t most)
{
    char sepa[REMITTANCE_MAX + 1];
    if (!text) return;
    mt_sepa_text(text, sepa, most + 1);
    mt_xml_leaf(xml, name, sepa);
}

static void write_in(mt_xml_writer *xml, const char *group, const char *name, const char *text, size_t most)
{
    mt_xml_group(xml, group, NULL);
    write_text(xml, name, text, most);
    mt_xml_end(xml);
}

static void write_sums(mt_xml_writer *xml, size_t n, int64_t sum_cent)
{
    char sum[MT_AMOUNT_TEXT_MAX];
    mt_xml_leaf_int(xml, "NbOfTxs", (int64_t)n);
    mt_xml_leaf(xml, "CtrlSum", mt_amount_cents(sum, sum_cent));
}

static void write_account(mt_xml_writer *xml, const char *group, const char *iban)
{
    mt_xml_group(xml, group, NULL);
    write_in(xml, "Id", "IBAN", iban, MT_IBAN_MAX);
    mt_xml_end(xml);
}

/* A bank may be told or not; of the debtor's the schema wants a word also then. */
static void write_bank(mt_xml_writer *xml, const char *group, const char *bic, const batch *of)
{
    bool debtor = strcmp(group, "DbtrAgt") == 0, told = bic && *bic;
    mt_xml_group(xml, group, NULL);
    mt_xml_group(xml, "FinInstnId", NULL);
    if (told) write_text(xml, of->options->version == VERSION_OLD ? "BIC" : "BICFI", bic, ID_MAX);
    if (!told && debtor) write_in(xml, "Othr", "Id", "NOTPROVIDED", ID_MAX);
    mt_xml_end(xml);
    mt_xml_end(xml);
}

static void write_payment(mt_xml_writer *xml, const struct payment *payment, const batch *of)
{
    const mt_invoice *invoice = payment->invoice;
    char amount[MT_AMOUNT_TEXT_MAX];
    mt_xml_group(xml, "CdtTrfTxInf", NULL);
    write_in(xml, "PmtId", "EndToEndId", invoice->number, ID_MAX);
    mt_xml_group(xml, "Amt", NULL);
    mt_xml_leaf_with(xml, "InstdAmt", "Ccy", "EUR", mt_amount_cents(amount, invoice->gross_cent));
    mt_xml_end(xml);
    write_bank(xml, "CdtrAgt", invoice->seller.bic, of);
    write_in(xml, "Cdtr", "Nm", invoice->seller.name, NAME_MAX);
    write_account(xml, "CdtrAcct", payment->iban);
    write_in(xml, "RmtInf", "Ustrd", invoice->number, REMITTANCE_MAX);
    mt_xml_end(xml);
}

static void write_block_head(mt_xml_writer *xml, const batch *of, mt_day day, int number)
{
    char id[ID_MAX + 8];
    (void)snprintf(id, sizeof id, "%.*s-%d", ID_MAX - 5, of->options->message_id, number);
    size_t n = 0;
    int64_t sum = 0;
    for (size_t k = 0; k < of->n; k++) {
        if (of->payment[k].day != day) continue;
        n++;
        sum += of->payment[k].invoice->gross_cent;
    }
    mt_xml_leaf(xml, "PmtInfId", id);
    mt_xml_leaf(xml, "PmtMtd", "TRF");
    mt_xml_leaf(xml, "BtchBookg", "false");
    write_sums(xml, n, sum);
    mt_xml_group(xml, "PmtTpInf", NULL);
    write_in(xml, "SvcLvl", "Cd", "SEPA", ID_MAX);
    mt_xml_end(xml);
    if (of->options->version != VERSION_OLD) mt_xml_group(xml, "ReqdExctnDt", NULL);
    mt_xml_leaf_day(xml, of->options->version != VERSION_OLD ? "Dt" : "ReqdExctnDt", day);
    if (of->options->version != VERSION_OLD) mt_xml_end(xml);
    write_in(xml, "Dbtr", "Nm", of->options->debtor->name, NAME_MAX);
    write_account(xml, "DbtrAcct", of->iban);
    write_bank(xml, "DbtrAgt", of->options->debtor->bic, of);
    mt_xml_leaf(xml, "ChrgBr", "SLEV");
}

/* The earliest day after `after` on which something is paid. */
static mt_day next_day(const batch *of, mt_day after)
{
    mt_day next = MT_DAY_NONE;
    for (size_t k = 0; k < of->n; k++) {
        mt_day day = of->payment[k].day;
        if ((after == MT_DAY_NONE || day > after) && (next == MT_DAY_NONE || day < next)) next = day;
    }
    return next;
}

static mt_code write_message(mt_ctx *cx, mt_out *out, const batch *of)
{
    mt_xml_writer xml;
    char created[MT_TIME_TEXT_MAX];
    bool old = of->options->version == VERSION_OLD;
    (void)mt_time_text(mt_time_floor(of->options->created, MT_US_SECOND), created);
    mt_xml_start(cx, &xml, out);
    mt_xml_group(&xml, "Document",
                 old ? "xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.03\""
                     : "xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\"");
    mt_xml_group(&xml, "CstmrCdtTrfInitn", NULL);
    mt_xml_group(&xml, "GrpHdr", NULL);
    mt_xml_leaf(&xml, "MsgId", of->options->message_id);
    mt_xml_leaf(&xml, "CreDtTm", created);
    write_sums(&xml, of->n, of->result->sum_cent);
    write_in(&xml, "InitgPty", "Nm", of->options->debtor->name, NAME_MAX);
    mt_xml_end(&xml);
    int number = 1;
    for (mt_day day = next_day(of, MT_DAY_NONE); day != MT_DAY_NONE; day = next_day(of, day), number++) {
        mt_xml_group(&xml, "PmtInf", NULL);
        write_block_head(&xml, of, day, number);
        for (size_t k = 0; k < of->n; k++)
            if (of->payment[k].day == day) write_payment(&xml, &of->payment[k], of);
        mt_xml_end(&xml);
    }
    mt_xml_end(&xml);
    mt_xml_end(&xml);
    return mt_xml_done(&xml);
}

mt_code mt_pain001_write(mt_ctx *cx, mt_out *out, mt_pain001_result *result, const mt_invoice *const *invoice,
                         size_t n, const mt_pain001_options *options)
{
    mt_pain001_result chosen = {.paid = 0};
    batch of = {.options = options, .result = &chosen};
    MT_TRY(check_options(cx, &of));
    MT_TRY(MT_NEW(cx, &of.payment, n));
    MT_TRY(MT_NEW(cx, &chosen.left, n));
    for (size_t k = 0; k < n; k++) choose(&of, invoice[k]);
    if (of.n == 0)
        return mt_fail(cx, MT_E_ABSENT, "none of %zu documents can be paid%s%s", n,
                       n ? ": of the first " : "", n ? chosen.left[0].reason : "");
    MT_TRY(write_message(cx, out, &of));
    *result = chosen;
    return MT_OK;
}
