/* Drafts, the store's answer, paper. */
#include "ops/vpp/documents/issue.h"

#include "crypto/hash.h"
#include "formats/document/invoice_json.h"
#include "vpp/invoice/document.h"

#include <string.h>

/* A self-billed document is issued by who buys; its cancellation too: type 389 and what cancels it. */
static bool is_self_billed(const mt_invoice *d)
{
    return d->kind == MT_DOC_SELF_BILLED || d->kind == MT_DOC_DAMAGES ||
           (d->kind == MT_DOC_CORRECTION && d->cancels &&
            (strncmp(d->cancels, mt_document_prefix(MT_DOC_SELF_BILLED), 2) == 0 ||
             strncmp(d->cancels, mt_document_prefix(MT_DOC_DAMAGES), 2) == 0));
}

const mt_party *mt_issue_issuer(const mt_invoice *document)
{
    return is_self_billed(document) ? &document->buyer : &document->seller;
}

const mt_party *mt_issue_customer(const mt_invoice *document)
{
    return is_self_billed(document) ? &document->seller : &document->buyer;
}

static mt_code write_body(mt_ctx *cx, const mt_invoice *document, mt_text *out)
{
    mt_out *memory = NULL;
    const char *text;
    mt_code code;
    MT_TRY_OUT(mt_out_memory(cx, &memory));
    MT_TRY_OUT(mt_invoice_json(cx, memory, document, MT_JSON_COMPACT));
    MT_TRY_OUT(mt_text_copy(cx, &text, mt_out_bytes(memory)));
    *out = mt_text_of(text);
out:
    mt_out_close(memory);
    return code;
}

mt_code mt_issue_digest(mt_ctx *cx, const mt_invoice *draft, const char **out)
{
    mt_invoice plain = *draft;
    mt_text text;
    uint8_t digest[MT_HASH_BYTES];
    char hex[MT_HASH_HEX];
    plain.number = NULL;
    plain.version = 0;
    plain.issued = plain.due = MT_DAY_NONE;
    plain.n_source = 0;
    MT_TRY(write_body(cx, &plain, &text));
    mt_hash_bytes(text.at, text.length, digest);
    mt_hash_hex(digest, hex);
    return mt_text_copy(cx, out, mt_text_of(hex));
}

mt_code mt_issue_draft(mt_ctx *cx, mt_document_draft *out, const mt_invoice *document)
{
    const mt_party *issuer = mt_issue_issuer(document), *customer = mt_issue_customer(document);
    const char *digest;
    MT_TRY(mt_issue_digest(cx, document, &digest));
    *out = (mt_document_draft){.kind = document->kind,
                               .issuer = issuer->party_id ? issuer->party_id : "issuer",
                               .contract_id = document->contract_id,
                               .asset_id = document->asset_id,
                               .owner_id = customer->party_id,
                               .from = document->from,
                               .until = document->until,
                               .issued = document->issued,
                               .net_cent = document->net_cent,
                               .vat_cent = document->vat_cent,
                               .gross_cent = document->gross_cent,
                               .digest = digest,
                               .cancels = document->cancels};
    return MT_OK;
}

struct bodies {
    mt_invoice *const *document;
};

static mt_code make_body(mt_ctx *cx, void *arg, size_t k, const char *number, int64_t version, mt_text *body)
{
    const struct bodies *bodies = arg;
    mt_invoice numbered = *bodies->document[k];
    numbered.number = number;
    numbered.version = (int)version;
    return write_body(cx, &numbered, body);
}

static const char *const fate_word[] = {[MT_DOCUMENT_STORED] = "issued",
                                        [MT_DOCUMENT_UNCHANGED] = "unchanged",
                                        [MT_DOCUMENT_DIFFERS] = "differs"};

/* What stands already keeps the day on which it was issued, and its version. */
static mt_code read_standing(mt_ctx *cx, mt_store *store, mt_issued *issued, const mt_document_draft *draft)
{
    mt_stored_document stored;
    mt_text body;
    MT_TRY(mt_document_store_get(cx, store, &stored, &body, draft->issuer, issued->document.number));
    return mt_invoice_json_read(cx, &issued->document, issued->document.number, body);
}

static mt_code put(mt_ctx *cx, mt_store *store, mt_invoice *const *document, size_t n, mt_issued *issued)
{
    mt_document_draft *draft;
    mt_document_put *result;
    struct bodies bodies = {document};
    MT_TRY(MT_NEW(cx, &draft, n));
    MT_TRY(MT_NEW(cx, &result, n));
    for (size_t k = 0; k < n; k++) MT_TRY(mt_issue_draft(cx, &draft[k], document[k]));
    MT_TRY(mt_document_store_put(cx, store, result, draft, n, make_body, &bodies));
    for (size_t k = 0; k < n; k++) {
        issued[k].document = *document[k];
        issued[k].document.number = result[k].number;
        issued[k].document.version = (int)result[k].version;
        issued[k].status = fate_word[result[k].fate];
        if (result[k].fate == MT_DOCUMENT_UNCHANGED) MT_TRY(read_standing(cx, store, &issued[k], &draft[k]));
    }
    return MT_OK;
}

static mt_code write_all(mt_ctx *cx, const mt_issuing *to, mt_issued *issued, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        issued[k].told = (mt_paper_told){.files = ""};
        if (strcmp(issued[k].status, "differs") == 0) continue;
        MT_TRY(mt_paper_write(cx, to->paper, &issued[k].document, &to->about, &issued[k].told));
    }
    return MT_OK;
}

mt_code mt_issue(mt_ctx *cx, const mt_issuing *issuing, mt_invoice *draft, size_t n, mt_issued **out)
{
    mt_invoice **document;
    MT_TRY(MT_NEW(cx, out, n + 1));
    MT_TRY(MT_NEW(cx, &document, n + 1));
    for (size_t k = 0; k < n; k++) {
        document[k] = &draft[k];
        (*out)[k] = (mt_issued){.document = draft[k], .status = "draft"};
    }
    if (issuing->store && n) MT_TRY(put(cx, issuing->store, document, n, *out));
    return write_all(cx, issuing, *out, n);
}

mt_code mt_issue_instead(mt_ctx *cx, const mt_issuing *issuing, mt_invoice *draft, const char *reason,
                         mt_issued **out, size_t *n)
{
    mt_store *store = issuing->store;
    mt_document_draft key;
    const mt_stored_document *standing;
    mt_stored_document stored;
    mt_text body;
    mt_invoice former, cancel;
    *n = 0;
    MT_TRY(MT_NEW(cx, out, 2));
    MT_TRY(mt_issue_draft(cx, &key, draft));
    MT_TRY(mt_document_store_standing(cx, store, &standing, &key));
    if (!standing || (standing->draft.digest && strcmp(standing->draft.digest, key.digest) == 0))
        return MT_OK;
    MT_TRY(mt_document_store_get(cx, store, &stored, &body, key.issuer, standing->number));
    MT_TRY(mt_invoice_json_read(cx, &former, standing->number, body));
    MT_TRY(mt_document_cancel(cx, &cancel, &former, draft->issued, reason));
    MT_TRY(mt_document_reissue(cx, draft, &former));
    mt_invoice *const document[] = {&cancel, draft};
    MT_TRY(put(cx, store, document, 2, *out));
    *n = 2;
    return write_all(cx, issuing, *out, 2);
}
