/* Market documents of the ENTSO-E Transparency Platform, read element by element. */
#include "sources/entsoe_document.h"

#include "io/xml.h"

#include <math.h>
#include <string.h>

enum { POINTS_MAX = 200000, STEPS_MAX = 400000 };

struct point {
    int64_t position;
    double value;
};

/* The period being read. */
struct period {
    const char *start, *end, *resolution;
    struct point *point;
    size_t n, room;
};

struct parser {
    mt_ctx *cx;
    mt_xml *xml;
    const char *name;
    const mt_entsoe_reader *reader;
    mt_entsoe_head head;
    mt_entsoe_series series;
    struct period period;
    struct point point;
};

/* Where the text of an element is kept; parent NULL: any. */
struct leaf {
    const char *parent, *element;
    size_t offset;
};

#define HEAD(member)   offsetof(mt_entsoe_head, member)
#define SERIES(member) offsetof(mt_entsoe_series, member)
#define PERIOD(member) offsetof(struct period, member)
#define PLANT          "production_RegisteredResource"
#define PLANT_PART     PLANT ".pSRType.powerSystemResources"

static const struct leaf head_leaf[] = {
    {NULL, "revisionNumber", HEAD(revision)}, {NULL, "createdDateTime", HEAD(created)},
    {"docStatus", "value", HEAD(status)},     {"Reason", "code", HEAD(reason_code)},
    {"Reason", "text", HEAD(reason_text)},    {0}};
static const struct leaf series_leaf[] = {
    {"TimeSeries", "businessType", SERIES(business)},
    {"MktPSRType", "psrType", SERIES(psr)},
    {NULL, PLANT ".pSRType.psrType", SERIES(psr)},
    {"TimeSeries", "curveType", SERIES(curve)},
    {"TimeSeries", "quantity_Measure_Unit.name", SERIES(unit)},
    {"TimeSeries", "currency_Unit.name", SERIES(currency)},
    {"TimeSeries", "price_Measure_Unit.name", SERIES(price_unit)},
    {"TimeSeries", "classificationSequence_AttributeInstanceComponent.position", SERIES(sequence)},
    {"TimeSeries", "outBiddingZone_Domain.mRID", SERIES(consumes)},
    {NULL, PLANT ".name", SERIES(plant)},
    {NULL, PLANT ".mRID", SERIES(plant_mrid)},
    {NULL, PLANT_PART ".name", SERIES(resource)},
    {NULL, PLANT_PART ".mRID", SERIES(resource_mrid)},
    {NULL, PLANT_PART ".nominalP", SERIES(nominal)},
    {0}};
static const struct leaf period_leaf[] = {{"timeInterval", "start", PERIOD(start)},
                                          {"timeInterval", "end", PERIOD(end)},
                                          {NULL, "resolution", PERIOD(resolution)},
                                          {0}};

static mt_code fail_here(const struct parser *p, const char *what, const char *value)
{
    return mt_fail(p->cx, MT_E_INPUT, "%s, line %llu: %s%s%.60s", p->name,
                   (unsigned long long)mt_xml_line(p->xml), what, value ? ", but is " : "",
                   value ? value : "");
}

static mt_code keep_leaf(struct parser *p, const struct leaf *leaf, void *base)
{
    for (; leaf->element; leaf++) {
        if (!mt_xml_is(p->xml, leaf->element)) continue;
        if (leaf->parent && strcmp(mt_xml_above(p->xml, 1), leaf->parent) != 0) continue;
        const char **member = (const char **)(void *)((char *)base + leaf->offset);
        return mt_text_copy(p->cx, member, mt_text_trim(mt_xml_text(p->xml)));
    }
    return MT_OK;
}

static bool is_period(const char *name)
{
    return strcmp(name, "Period") == 0 || strcmp(name, "Available_Period") == 0;
}

static mt_code read_instant(const struct parser *p, const char *text, mt_time *out)
{
    bool has_offset;
    if (text && mt_time_parse(text, strlen(text), out, &has_offset) && has_offset) return MT_OK;
    return fail_here(p, "an instant such as 2024-06-01T22:00Z was expected", text ? text : "missing");
}

static mt_code end_point(struct parser *p)
{
    struct period *period = &p->period;
    if (p->point.position <= (period->n ? period->point[period->n - 1].position : 0))
        return fail_here(p, "positions should ascend from 1 on", NULL);
    if (period->n == POINTS_MAX) return mt_fail(p->cx, MT_E_TOO_LARGE, "%s: too many points", p->name);
    MT_TRY(mt_ctx_grow(p->cx, &period->point, period->n, &period->room, sizeof *period->point));
    period->point[period->n++] = p->point;
    return MT_OK;
}

static mt_code read_point(struct parser *p)
{
    mt_text text = mt_text_trim(mt_xml_text(p->xml));
    if (mt_xml_is(p->xml, "position")) {
        if (!mt_int_parse(text.at, text.length, &p->point.position))
            return fail_here(p, "a position should be a whole number", text.at);
    } else if (mt_xml_is(p->xml, "quantity") || mt_xml_is(p->xml, "price.amount")) {
        if (!mt_real_parse(text.at, text.length, &p->point.value))
            return fail_here(p, "a quantity or price should be a number", text.length ? text.at : "empty");
    }
    return MT_OK;
}

/* One point: `steps` steps from its position on, as one block or step by step. */
static mt_code give_point(struct parser *p, mt_entsoe_block *block, mt_time start, mt_time step, size_t steps)
{
    if (p->reader->whole) {
        block->start = start;
        block->step = step * (mt_time)steps;
        return p->reader->take(p->reader->arg, block);
    }
    block->step = step;
    for (size_t k = 0; k < steps; k++) {
        block->start = start + step * (mt_time)k;
        MT_TRY(p->reader->take(p->reader->arg, block));
    }
    return MT_OK;
}

static mt_code measure(const struct parser *p, mt_time *start, mt_time *step, size_t *steps)
{
    const char *resolution = p->period.resolution;
    mt_time end;
    MT_TRY(read_instant(p, p->period.start, start));
    MT_TRY(read_instant(p, p->period.end, &end));
    if (!resolution) return fail_here(p, "a period has no resolution", NULL);
    if (end <= *start) return fail_here(p, "a period ends before it begins", NULL);
    if (!mt_span_parse(resolution, strlen(resolution), step)) {
        if (resolution[0] != 'P' || !strpbrk(resolution, "YM") || strchr(resolution, 'T'))
            return fail_here(p, "a resolution such as PT15M was expected", resolution);
        *step = end - *start;
    }
    if (*step <= 0 || (end - *start) / *step > STEPS_MAX)
        return fail_here(p, "a resolution that fits its period was expected", resolution);
    *steps = (size_t)((end - *start) / *step);
    return MT_OK;
}

static mt_code end_period(struct parser *p)
{
    const struct period *period = &p->period;
    mt_time start = 0, step = 0;
    size_t steps = 0;
    mt_entsoe_block block = {.head = &p->head, .series = &p->series};
    bool holds = p->series.curve && strcmp(p->series.curve, "A03") == 0;
    MT_TRY(measure(p, &start, &step, &steps));
    for (size_t k = 0; k < period->n; k++) {
        size_t at = (size_t)period->point[k].position - 1;
        size_t next = k + 1 < period->n ? (size_t)period->point[k + 1].position - 1 : steps;
        if (at >= steps) return fail_here(p, "a position lies behind the end of its period", NULL);
        if (next > steps) next = steps;
        block.value = period->point[k].value;
        MT_TRY(give_point(p, &block, start + step * (mt_time)at, step, holds ? next - at : 1));
    }
    return MT_OK;
}

static mt_code on_open(struct parser *p)
{
    const char *name = mt_xml_name(p->xml);
    if (mt_xml_depth(p->xml) == 1) return mt_text_copy(p->cx, &p->head.root, mt_text_of(name));
    if (strcmp(name, "TimeSeries") == 0) p->series = (mt_entsoe_series){0};
    if (is_period(name)) {
        struct point *point = p->period.point;
        size_t room = p->period.room;
        p->period = (struct period){.point = point, .room = room};
    }
    if (strcmp(name, "Point") == 0) p->point = (struct point){0, NAN};
    return MT_OK;
}

/* Of which part of the document the element just closed is. */
static mt_code on_close(struct parser *p)
{
    const char *name = mt_xml_name(p->xml), *above = mt_xml_above(p->xml, 1);
    if (strcmp(name, "Point") == 0 && is_period(above)) return end_point(p);
    if (strcmp(above, "Point") == 0) return read_point(p);
    if (is_period(name)) return end_period(p);
    if (is_period(above) || is_period(mt_xml_above(p->xml, 2))) return keep_leaf(p, period_leaf, &p->period);
    bool in_series = strcmp(above, "TimeSeries") == 0 || strcmp(mt_xml_above(p->xml, 2), "TimeSeries") == 0;
    if (in_series) return keep_leaf(p, series_leaf, &p->series);
    if (mt_xml_depth(p->xml) == 2 && strcmp(name, "mRID") == 0)
        return mt_text_copy(p->cx, &p->head.mrid, mt_text_trim(mt_xml_text(p->xml)));
    MT_TRY(keep_leaf(p, head_leaf, &p->head));
    if (mt_xml_depth(p->xml) == 2 && strcmp(name, "createdDateTime") == 0)
        return read_instant(p, p->head.created, &p->head.created_at);
    return MT_OK;
}

static mt_code walk(struct parser *p)
{
    mt_xml_event event = MT_XML_OPEN;
    while (event != MT_XML_END) {
        MT_TRY(mt_xml_next(p->cx, p->xml, &event));
        if (event == MT_XML_OPEN) MT_TRY(on_open(p));
        if (event == MT_XML_CLOSE) MT_TRY(on_close(p));
    }
    return MT_OK;
}

mt_code mt_entsoe_document(mt_ctx *cx, mt_entsoe_head *out, const char *name, mt_text bytes,
                           const mt_entsoe_reader *reader)
{
    struct parser p = {.cx = cx, .name = name, .reader = reader, .head = {.created_at = MT_TIME_NONE}};
    MT_TRY(mt_xml_open(cx, &p.xml, name, bytes));
    mt_code code = walk(&p);
    mt_xml_close(p.xml);
    if (code != MT_OK) return code;
    size_t n = strlen(p.head.root), tail = strlen("_MarketDocument");
    if (n <= tail || strcmp(p.head.root + n - tail, "_MarketDocument") != 0)
        return mt_fail(cx, MT_E_INPUT, "%s: a market document was expected, but its root is %.60s", name,
                       p.head.root);
    *out = p.head;
    return MT_OK;
}
