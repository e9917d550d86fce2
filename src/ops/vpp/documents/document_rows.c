/* One table of columns. */
#include "ops/vpp/documents/document_rows.h"

const mt_field mt_document_col[] = {
    {.name = "contract_id", MT_TEXT_AT(mt_document_row, contract), .doc = "the contract"},
    {.name = "asset_id", MT_TEXT_AT(mt_document_row, asset), .doc = "its plant"},
    {.name = "kind",
     MT_TEXT_AT(mt_document_row, kind),
     .doc = "self_billed, service_invoice, damages, redispatch_claim, cancellation"},
    {.name = "number", MT_TEXT_AT(mt_document_row, number), .doc = "empty: a draft, or nothing was issued"},
    {.name = "version",
     MT_INT_AT(mt_document_row, version),
     .doc = "of the documents for this contract, period and kind"},
    {.name = "status",
     MT_TEXT_AT(mt_document_row, status),
     .doc = "issued now; unchanged: stood before; differs: another one stands, see vpp.resettle; overlaps: "
            "the one with this number bills some of the days already; draft: there is no store; error: see "
            "fault"},
    {.name = "period_from", MT_DAY_AT(mt_document_row, from), .doc = "first day of supply"},
    {.name = "period_until", MT_DAY_AT(mt_document_row, until), .doc = "last day, included"},
    {.name = "issued", MT_DAY_AT(mt_document_row, issued), .doc = "its date"},
    {.name = "due", MT_DAY_AT(mt_document_row, due), .doc = "to be paid by"},
    {.name = "net_eur",
     MT_MICRO_AT(mt_document_row, net),
     .unit = MT_UNIT_EUR,
     .doc = "sum of the rounded lines"},
    {.name = "vat_eur",
     MT_MICRO_AT(mt_document_row, vat),
     .unit = MT_UNIT_EUR,
     .doc = "rounded once a category"},
    {.name = "gross_eur", MT_MICRO_AT(mt_document_row, gross), .unit = MT_UNIT_EUR, .doc = "to be paid"},
    {.name = "quarters", MT_INT_AT(mt_document_row, quarters), .unit = MT_UNIT_COUNT, .doc = "of the period"},
    {.name = "quarters_missing",
     MT_INT_AT(mt_document_row, missing),
     .unit = MT_UNIT_COUNT,
     .doc = "of them without any infeed value"},
    {.name = "cancels",
     MT_TEXT_AT(mt_document_row, cancels),
     .doc = "number of the document that it cancels"},
    {.name = "einvoice",
     MT_TEXT_AT(mt_document_row, einvoice),
     .doc = "valid, or the first rule of EN 16931 that does not hold; empty: none was asked for"},
    {.name = "files", MT_TEXT_AT(mt_document_row, files), .doc = "the forms that were written"},
    {.name = "fault", MT_TEXT_AT(mt_document_row, fault), .doc = "why there is no document"},
    {.name = NULL}};

struct mt_document_row mt_document_row_of(const mt_issued *issued)
{
    const mt_invoice *d = &issued->document;
    return (struct mt_document_row){.contract = d->contract_id,
                                    .asset = d->asset_id,
                                    .kind = mt_document_name(d->kind),
                                    .number = d->number,
                                    .version = d->version > 0 ? d->version : INT64_MIN,
                                    .status = issued->status,
                                    .from = d->from,
                                    .until = d->until,
                                    .issued = d->issued,
                                    .due = d->due,
                                    .net = d->net_cent * 10000,
                                    .vat = d->vat_cent * 10000,
                                    .gross = d->gross_cent * 10000,
                                    .quarters = d->quarters,
                                    .missing = d->quarters_missing,
                                    .cancels = d->cancels,
                                    .einvoice = issued->told.einvoice,
                                    .files = issued->told.files};
}
