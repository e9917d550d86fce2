/* Rounds each line once and adds up what is rounded. */
#include "vpp/invoice/total.h"

#include "num/wide.h"
#include "vpp/exact.h"

#define UEUR_OF_CENT 10000

enum { LEAST_DECIMALS = 2, MOST_DECIMALS = 10 };

/* Standard rate in percent from that day on; sec. 12 (1) UStG, for the second half of 2020 sec. 28. */
static const struct {
    int year, month, day, percent;
} standard_rate[] = {{2021, 1, 1, 19}, {2020, 7, 1, 16}, {2007, 1, 1, 19}, {1998, 4, 1, 16}};

static int64_t power_of_ten(int exponent)
{
    int64_t power = 1;
    while (exponent-- > 0) power *= 10;
    return power;
}

/* quantity x price, in cents, rounds to the net. */
static bool gives_net(int64_t quantity_micro, int64_t unit_net, int decimals, int64_t net_cent)
{
    const mt_wide divisor = (mt_wide)MT_MICRO_ONE * power_of_ten(decimals - 2), half = divisor / 2;
    return ((mt_wide)quantity_micro * unit_net + half) / divisor == net_cent;
}

/* Both amounts are not negative here. False: no price of ten decimals does it. */
static bool find_unit(mt_invoice_line *line, int64_t quantity_micro, int64_t net_cent)
{
    for (int decimals = LEAST_DECIMALS; decimals <= MOST_DECIMALS; decimals++) {
        int64_t unit =
            net_cent ? mt_exact_ratio3(net_cent, power_of_ten(decimals - 2), MT_MICRO_ONE, quantity_micro)
                     : 0;
        if (unit == INT64_MIN) return false;
        if (!gives_net(quantity_micro, unit, decimals, net_cent)) continue;
        line->unit_net = unit;
        line->unit_net_decimals = decimals;
        return true;
    }
    return false;
}

static int64_t size_of(int64_t value)
{
    return value < 0 ? -value : value;
}

static mt_code refuse(mt_ctx *cx, const mt_invoice_line *line, const char *why)
{
    return mt_fail(cx, MT_E_INPUT,
                   "invoice line \"%s\": quantity %lld millionths, amount %lld micro-euro: %s",
                   line->name ? line->name : mt_line_name(line->kind), (long long)line->quantity_micro,
                   (long long)line->exact_ueur, why);
}

static mt_code round_line(mt_ctx *cx, mt_invoice_line *line)
{
    if (line->exact_ueur == INT64_MIN || line->quantity_micro == INT64_MIN)
        return refuse(cx, line, "neither may be missing");
    if (size_of(line->exact_ueur) > INT64_MAX - UEUR_OF_CENT) return refuse(cx, line, "it is too large");
    line->net_cent = mt_cent_of_ueur(line->exact_ueur);
    line->rounding_ueur = line->net_cent * UEUR_OF_CENT - line->exact_ueur;
    const int64_t quantity = size_of(line->quantity_micro), net = size_of(line->net_cent);
    if (net > 0 && quantity == 0) return refuse(cx, line, "an amount needs a quantity");
    if (!find_unit(line, quantity, net)) return refuse(cx, line, "no unit price of ten decimals gives it");
    if (net > 0) line->quantity_micro = line->net_cent < 0 ? -quantity : quantity;
    return MT_OK;
}

/* The document's row of the line's category and rate; NULL: no room. */
static mt_invoice_vat *vat_of(mt_invoice *document, const mt_invoice_line *line)
{
    for (size_t k = 0; k < document->n_vat; k++) {
        if (document->vat[k].category == line->vat_category && document->vat[k].rate == line->vat_rate)
            return &document->vat[k];
    }
    if (document->n_vat == MT_VAT_CATEGORIES) return NULL;
    mt_invoice_vat *vat = &document->vat[document->n_vat++];
    *vat = (mt_invoice_vat){.category = line->vat_category, .rate = line->vat_rate};
    return vat;
}

static mt_code add_lines(mt_ctx *cx, mt_invoice *document)
{
    bool outside = false, taxed = false;
    for (size_t k = 0; k < document->n_line; k++) {
        mt_invoice_line *line = &document->line[k];
        MT_TRY(round_line(cx, line));
        mt_invoice_vat *vat = vat_of(document, line);
        if (!vat) return refuse(cx, line, "a document holds at most four categories and rates of VAT");
        outside |= line->vat_category == MT_VAT_O;
        taxed |= line->vat_category != MT_VAT_O;
        if (outside && taxed)
            return refuse(cx, line, "what is not subject to VAT needs a document of its own (BR-O-11)");
        vat->taxable_cent = mt_exact_sum(vat->taxable_cent, line->net_cent);
        document->net_cent = mt_exact_sum(document->net_cent, line->net_cent);
    }
    return MT_OK;
}

mt_code mt_invoice_total(mt_ctx *cx, mt_invoice *document)
{
    document->n_vat = 0;
    document->net_cent = document->vat_cent = 0;
    MT_TRY(add_lines(cx, document));
    for (size_t k = 0; k < document->n_vat; k++) {
        mt_invoice_vat *vat = &document->vat[k];
        vat->vat_cent = mt_micro_percent_of(vat->taxable_cent, vat->rate);
        document->vat_cent = mt_exact_sum(document->vat_cent, vat->vat_cent);
    }
    document->gross_cent = mt_exact_sum(document->net_cent, document->vat_cent);
    if (document->gross_cent == INT64_MIN)
        return mt_fail(cx, MT_E_INPUT, "invoice of contract %s: its total leaves what cents can hold",
                       document->contract_id ? document->contract_id : "?");
    return MT_OK;
}

int64_t mt_vat_standard_rate(mt_day day)
{
    const size_t n = sizeof standard_rate / sizeof *standard_rate;
    size_t k = 0;
    while (k + 1 < n && day < mt_day_of(standard_rate[k].year, standard_rate[k].month, standard_rate[k].day))
        k++;
    return standard_rate[k].percent * MT_MICRO_ONE;
}
