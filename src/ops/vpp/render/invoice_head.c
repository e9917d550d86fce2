/* The head of a document of account: who writes to whom about what; and its foot. */
#include "ops/vpp/render/invoice_parts.h"

#include <math.h>
#include <string.h>

/* Places after DIN 5008, form B: the address begins 45 mm from the top, the block of facts stands at the
 * right of it, the text begins about 100 mm from the top. */
static const double address_top = 127.6, facts_left = 346, title_top = 268;

static const char *word(const mt_invoice_sheet *sheet, mt_word which)
{
    return mt_word_in(sheet->options->language, which);
}

/* The parts that are there, one after the other; NULL when there is none. */
static mt_code join(mt_ctx *cx, const char **out, const char *const *part, size_t n, const char *between)
{
    *out = NULL;
    for (size_t k = 0; k < n; k++) {
        if (!part[k] || !part[k][0]) continue;
        if (!*out)
            *out = part[k];
        else
            MT_TRY(mt_text_format(cx, out, "%s%s%s", *out, between, part[k]));
    }
    return MT_OK;
}

static mt_code place_of(mt_ctx *cx, const char **out, const mt_party *party)
{
    const char *const part[] = {party->postcode, party->city};
    return join(cx, out, part, 2, " ");
}

static mt_code named(mt_ctx *cx, const char **out, const char *label, const char *value)
{
    *out = NULL;
    return value && value[0] ? mt_text_format(cx, out, "%s %s", label, value) : MT_OK;
}

/* "DE89 3704 0044 …" as it is printed on paper. */
static mt_code space_iban(mt_ctx *cx, const char **out, const char *iban)
{
    char *text;
    size_t n = 0;
    *out = NULL;
    if (!iban) return MT_OK;
    MT_TRY(MT_NEW(cx, &text, strlen(iban) * 5 / 4 + 2));
    for (size_t k = 0; iban[k]; k++) {
        if (k && k % 4 == 0) text[n++] = ' ';
        text[n++] = iban[k];
    }
    *out = text;
    return MT_OK;
}

mt_code mt_invoice_footer(mt_ctx *cx, const mt_invoice_sheet *sheet, const char *column[4], size_t *n)
{
    const mt_party *sender = sheet->sender;
    const char *place, *vat, *tax, *iban, *text;
    MT_TRY(place_of(cx, &place, sender));
    MT_TRY(named(cx, &vat, word(sheet, MT_W_VAT_NUMBER), sender->vat_id));
    MT_TRY(named(cx, &tax, word(sheet, MT_W_TAX_NUMBER), sender->tax_number));
    MT_TRY(space_iban(cx, &iban, sender->iban));
    const char *const part[4][4] = {
        {sender->name, sender->street, place, NULL},
        {sender->contact_name, sender->contact_phone, sender->contact_email, NULL},
        {vat, tax, sender->register_id, NULL},
        {iban, sender->bic, sender->market_id, NULL}};
    *n = 0;
    for (int k = 0; k < 4; k++) {
        MT_TRY(join(cx, &text, part[k], 4, "\n"));
        if (text) column[(*n)++] = text;
    }
    return MT_OK;
}

static mt_code put_address(mt_ctx *cx, mt_invoice_sheet *sheet)
{
    const mt_party *sender = sheet->sender, *receiver = sheet->receiver;
    const char *from, *to, *place, *country = NULL;
    MT_TRY(place_of(cx, &place, sender));
    const char *const one_line[] = {sender->name, sender->street, place};
    MT_TRY(join(cx, &from, one_line, 3, " · "));
    MT_TRY(place_of(cx, &place, receiver));
    if (receiver->country && (!sender->country || strcmp(receiver->country, sender->country) != 0))
        country = receiver->country;
    const char *const lines[] = {receiver->name, receiver->street, place, country};
    MT_TRY(join(cx, &to, lines, 4, "\n"));
    mt_spot spot = {sheet->pdf.left, address_top};
    spot.y += mt_pdf_text_at(&sheet->pdf, spot, facts_left - spot.x - 20, MT_LETTER_FINE, from) + 9;
    (void)mt_pdf_text_at(&sheet->pdf, spot, facts_left - spot.x - 20, MT_LETTER_TEXT, to);
    return MT_OK;
}

static mt_code put_facts(mt_ctx *cx, mt_invoice_sheet *sheet, double *bottom)
{
    const mt_invoice *invoice = sheet->invoice;
    const char *issued, *version = NULL;
    MT_TRY(mt_day_in(cx, &issued, sheet->options->language, invoice->issued));
    if (invoice->version > 1) MT_TRY(mt_text_format(cx, &version, "%d", invoice->version));
    const mt_pdf_fact fact[] = {
        {word(sheet, MT_W_NUMBER), sheet->number, NULL, NULL},
        {word(sheet, MT_W_VERSION), version, NULL, NULL},
        {word(sheet, MT_W_CANCELS), invoice->cancels, NULL, NULL},
        {word(sheet, MT_W_ISSUED), issued, NULL, NULL},
        {word(sheet, MT_W_PERIOD), sheet->period, NULL, NULL},
        {word(sheet, MT_W_CONTRACT), invoice->contract_id, NULL, NULL},
        {word(sheet, MT_W_ASSET), invoice->asset_id, NULL, NULL},
        {word(sheet, MT_W_METER), invoice->metering_point_id, NULL, NULL},
        {word(sheet, MT_W_REFERENCE), sheet->receiver->buyer_reference, NULL, NULL},
        {word(sheet, MT_W_YOUR_VAT), sheet->receiver->vat_id, NULL, NULL},
        {word(sheet, MT_W_YOUR_TAX), sheet->receiver->vat_id ? NULL : sheet->receiver->tax_number, NULL,
         NULL},
    };
    mt_spot spot = {facts_left, address_top};
    *bottom = spot.y +
              mt_pdf_facts_at(&sheet->pdf, spot, sheet->pdf.right - spot.x, fact, sizeof fact / sizeof *fact);
    return MT_OK;
}

mt_code mt_invoice_put_head(mt_ctx *cx, mt_invoice_sheet *sheet)
{
    mt_pdf *pdf = &sheet->pdf;
    double bottom;
    mt_pdf_bar(pdf, (mt_spot){pdf->left, 48}, 26, 3, MT_INK_ACCENT);
    (void)mt_pdf_text_at(pdf, (mt_spot){pdf->left, 59}, 0, MT_LETTER_HEADING, sheet->sender->name);
    MT_TRY(put_address(cx, sheet));
    MT_TRY(put_facts(cx, sheet, &bottom));
    pdf->y = fmax(title_top, bottom + 16);
    mt_pdf_text(pdf, MT_LETTER_TITLE, sheet->title);
    pdf->y += 3;
    mt_pdf_text(pdf, MT_LETTER_KICKER, sheet->number);
    pdf->y += 18;
    return MT_OK;
}

/* Who gets the money: the seller, and back again where the sum is negative. */
static const mt_party *payee_of(const mt_invoice *invoice)
{
    return invoice->gross_cent >= 0 ? &invoice->seller : &invoice->buyer;
}

static mt_code payment_sentence(mt_ctx *cx, const char **out, const mt_invoice_sheet *sheet)
{
    const mt_invoice *invoice = sheet->invoice;
    const char *due;
    *out = NULL;
    if (invoice->gross_cent == 0)
        *out = word(sheet, MT_W_PAY_NONE);
    else if (invoice->kind == MT_DOC_CORRECTION)
        *out = word(sheet, MT_W_PAY_SET_OFF);
    if (*out) return MT_OK;
    const char *start = word(sheet, payee_of(invoice) == sheet->sender ? MT_W_PAY_US : MT_W_PAY_YOU);
    MT_TRY(mt_day_in(cx, &due, sheet->options->language, invoice->due));
    if (!due) return mt_text_format(cx, out, "%s.", start);
    return mt_text_format(cx, out, "%s %s %s%s", start, word(sheet, MT_W_UNTIL), due,
                          due[strlen(due) - 1] == '.' ? "" : ".");
}

mt_code mt_invoice_put_payment(mt_ctx *cx, mt_invoice_sheet *sheet)
{
    const mt_invoice *invoice = sheet->invoice;
    const mt_party *payee = payee_of(invoice);
    const char *sentence, *iban;
    MT_TRY(payment_sentence(cx, &sentence, sheet));
    MT_TRY(space_iban(cx, &iban, payee->iban));
    mt_pdf_need(&sheet->pdf, 110);
    mt_pdf_heading(&sheet->pdf, word(sheet, MT_W_PAYMENT));
    mt_pdf_text(&sheet->pdf, MT_LETTER_TEXT, sentence);
    if (invoice->gross_cent == 0 || invoice->kind == MT_DOC_CORRECTION || !iban) return MT_OK;
    const mt_pdf_fact fact[] = {{word(sheet, MT_W_RECIPIENT), payee->name, NULL, NULL},
                                {"IBAN", iban, NULL, NULL},
                                {"BIC", payee->bic, NULL, NULL},
                                {word(sheet, MT_W_PURPOSE), invoice->number, NULL, NULL}};
    sheet->pdf.y += 6;
    mt_pdf_facts(&sheet->pdf, fact, sizeof fact / sizeof *fact);
    return MT_OK;
}
