/* European Central Bank: the euro's reference rates of every working day since 1999.
 *
 * Units     Units of the currency for one EUR.
 * Time      One value a working day, which starts at 00:00 UTC: the analyses take the day of a rate from its
 *           start two hours on, so that this is the bank's own day. Known at 16:00 of Frankfurt, when the
 *           rates are published.
 * Source    ecb.europa.eu, "Euro foreign exchange reference rates": eurofxref-hist.xml (all days) and
 *           eurofxref-hist-90d.xml (the last 90): <Cube time="2024-01-02"> with <Cube currency="USD"
 *           rate="1.0956"/> in it.
 *           These files have kept address and form for decades, need no sizes of pages, and say 404 only when
 *           they are gone; the bank's SDMX service says 404 also where a day has no rates.
 */
#include "sources/backend.h"

#include "base/zone.h"
#include "io/xml.h"
#include "sources/answer.h"
#include "sources/list.h"

#include <stdio.h>
#include <string.h>

#define SHORT_FILE (80 * MT_US_DAY) /* a little less than the file of 90 days holds */

static const mt_source_dataset datasets[] = {{.name = "reference_rates",
                                              .doc = "reference rates of the euro, about 30 currencies",
                                              .kinds = "fx_rate",
                                              .area_form = "USD, GBP, DKK, … (several with a comma)",
                                              .step = MT_US_DAY,
                                              .publish_every = MT_US_HOUR,
                                              .look_back = 7 * MT_US_DAY},
                                             {0}};

static const mt_http_policy policy = {.provider = "ecb", .rate_per_s = 1, .burst = 5};

struct question {
    const char *wanted; /* currencies; NULL: all */
    const mt_zone *frankfurt;
    size_t days;
};

/* Is the currency among "USD, GBP"? */
static bool is_wanted(const char *list, mt_text currency)
{
    if (!list || !*list) return true;
    while (*list) {
        size_t n = strcspn(list, ", ");
        if (n == currency.length && strncasecmp(list, currency.at, n) == 0) return true;
        list += n + (list[n] != 0);
    }
    return false;
}

static bool is_currency(mt_text text)
{
    if (text.length != 3) return false;
    for (size_t k = 0; k < 3; k++)
        if (text.at[k] < 'A' || text.at[k] > 'Z') return false;
    return true;
}

static mt_code start_day(mt_page *page, mt_text text, mt_observation *row)
{
    mt_day day;
    mt_time at[2];
    struct question *question = page->ask->arg;
    if (!mt_day_parse(text.at, text.length, &day))
        return mt_page_fail(page, MT_E_REMOTE, "a day such as 2024-01-02 was expected, not %.*s",
                            (int)(text.length < 40 ? text.length : 40), text.at);
    mt_date date = mt_day_date(day);
    mt_civil four = {.year = date.year, .month = date.month, .day = date.day, .hour = 16};
    row->start = (mt_time)day * MT_US_DAY;
    row->known_at = mt_zone_instants(question->frankfurt, four, at) > 0 ? at[0] : MT_TIME_NONE;
    question->days++;
    return MT_OK;
}

static mt_code add_rate(mt_page *page, mt_xml *xml, mt_text currency, mt_observation *row)
{
    mt_text rate;
    const struct question *question = page->ask->arg;
    if (row->start == MT_TIME_NONE || !is_currency(currency) || !mt_xml_attribute(xml, "rate", &rate) ||
        !mt_real_parse(rate.at, rate.length, &row->value) || !(row->value > 0))
        return mt_page_fail(page, MT_E_REMOTE,
                            "line %llu: a currency such as USD with a positive rate on a day was expected",
                            (unsigned long long)mt_xml_line(xml));
    if (!is_wanted(question->wanted, currency)) return MT_OK;
    MT_TRY(mt_text_copy(page->cx, &row->area, currency));
    return mt_page_add(page, row);
}

static mt_code read_cubes(mt_page *page, mt_xml *xml)
{
    mt_xml_event event = MT_XML_OPEN;
    mt_observation row = {
        .kind = mt_kind_name(MT_KIND_FX_RATE), .step = MT_US_DAY, .start = MT_TIME_NONE, .unit = ""};
    mt_text value;
    while (event != MT_XML_END) {
        MT_TRY(mt_xml_next(page->cx, xml, &event));
        if (event != MT_XML_OPEN || !mt_xml_is(xml, "Cube")) continue;
        if (mt_xml_attribute(xml, "time", &value)) MT_TRY(start_day(page, value, &row));
        if (!mt_xml_attribute(xml, "currency", &value)) continue;
        char currency[8];
        snprintf(currency, sizeof currency, "%.*s", (int)(value.length < 7 ? value.length : 7), value.at);
        MT_TRY(add_rate(page, xml, mt_text_of(currency), &row)); /* the next attribute takes its place */
    }
    return MT_OK;
}

static mt_code read_answer(mt_ctx *cx, mt_page *page, const mt_http_answer *answer, void *arg)
{
    struct question *question = arg;
    mt_xml *xml;
    char why[300];
    mt_text begin = answer->body;
    question->days = 0;
    while (begin.length && strchr(" \r\n\t\xEF\xBB\xBF", *begin.at) && *begin.at) begin.at++, begin.length--;
    if (begin.length < 5 || strncmp(begin.at, "<?xml", 5) != 0)
        return mt_page_unexpected(page, answer, "a document of rates");
    mt_code code = mt_xml_open(cx, &xml, "the answer", begin);
    if (code == MT_OK) {
        code = read_cubes(page, xml);
        mt_xml_close(xml);
    }
    if (code == MT_OK && question->days == 0)
        return mt_page_unexpected(page, answer, "a document with days and their rates");
    if (code != MT_E_INPUT) return code;
    snprintf(why, sizeof why, "%.299s", cx->err);
    return mt_page_fail(page, MT_E_REMOTE, "a document of rates was expected, but %s", why);
}

static mt_code fetch(mt_ctx *cx, const mt_source_call *call, const mt_source_query *query, mt_sink *out)
{
    struct question question = {.wanted = query->area};
    mt_page_ask ask = {.source = &mt_source_ecb,
                       .call = call,
                       .query = query,
                       .from = query->from,
                       .to = query->to,
                       .read = read_answer,
                       .arg = &question};
    bool recent = query->from > call->now - SHORT_FILE;
    MT_TRY(mt_zone_read(cx, &question.frankfurt, "Europe/Berlin", NULL));
    MT_TRY(mt_text_format(cx, &ask.url, "%s/stats/eurofxref/eurofxref-hist%s.xml", call->base_url,
                          recent ? "-90d" : ""));
    return mt_page_fetch(cx, &ask, out);
}

static mt_code check(mt_ctx *cx, const mt_source_call *call)
{
    mt_source_query query = mt_check_query(&mt_source_ecb, call, "reference_rates", NULL);
    mt_sink *none;
    MT_TRY(mt_check_sink(cx, &none));
    return fetch(cx, call, &query, none);
}

const mt_source mt_source_ecb = {
    .name = "ecb",
    .title = "European Central Bank",
    .base_url = "https://www.ecb.europa.eu",
    .licence = "free reuse when the source is named and values are not changed",
    .licence_url = "https://www.ecb.europa.eu/services/using-our-site/disclaimer/html/index.en.html",
    .attribution = "Source: European Central Bank, euro foreign exchange reference rates",
    .redistribute = true,
    .policy = &policy,
    .dataset = datasets,
    .fetch = fetch,
    .check = check,
};
