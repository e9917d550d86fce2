/* What a page promises: every text escaped, nothing fetched from outside, tables as people read them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/rows/table.h"
#include "io/page/html.h"
#include "io/sinks/sink_case.h"

static mt_code draw(mt_ctx *cx, mt_out *out, void *arg, int width, int height)
{
    (void)height;
    (*(int *)arg)++;
    return mt_out_format(cx, out, "<svg class=\"w%d\"></svg>", width);
}

static const char hostile[] = "<script>alert(\"x\")</script>&\x01\xff é";
static const char tamed[] =
    "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;\xEF\xBF\xBD\xEF\xBF\xBD é";

static void write_page(mt_html *page, const mt_table *table, int *drawings)
{
    const mt_html_tile tile[] = {{hostile, hostile, hostile, hostile, MT_HTML_BAD},
                                 {"none", NULL, "MWh", NULL, 0}};
    mt_html_section(page, hostile);
    mt_html_paragraph(page, hostile);
    mt_html_note(page, MT_HTML_WARN, hostile);
    mt_html_tiles(page, tile, 2);
    mt_html_facts(page, tile, 2);
    mt_html_figure(page, hostile, draw, drawings);
    mt_html_table(page, hostile, table, 3);
    mt_html_section(page, "two");
}

static const char *make_page(mt_ctx *cx, mt_out *out, int *drawings)
{
    static const char *const contents[] = {hostile, "two", NULL};
    mt_sink *sink;
    mt_table *table;
    mt_html page;
    assert_int_equal(mt_table_sink(cx, &sink, &table, 0), MT_OK);
    assert_int_equal(case_send(cx, sink, false, CASE_ROWS), MT_OK);
    mt_html_open(cx, &page, out,
                 &(mt_html_options){.size = sizeof(mt_html_options),
                                    .title = hostile,
                                    .kicker = hostile,
                                    .subtitle = hostile,
                                    .style = ".x{}",
                                    .contents = contents});
    write_page(&page, table, drawings);
    assert_int_equal(mt_html_close(&page, hostile), MT_OK);
    assert_int_equal(mt_out_write(cx, out, "", 1), MT_OK);
    return mt_out_bytes(out).at;
}

static size_t count(const char *text, const char *part)
{
    size_t n = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at += strlen(part)) n++;
    return n;
}

static void html__escapes_every_text(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_out *out;
    int drawings = 0;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_out_memory(&cx, &out), MT_OK);
    const char *text = make_page(&cx, out, &drawings);
    assert_null(strstr(text, "<script"));
    assert_null(strchr(text, '\x01'));
    assert_int_equal(count(text, tamed),
                     5 + 3 + 4 + 3 + 2 + 1); /* header, section, tile, fact, captions, footer */
    mt_out_close(out);
    mt_ctx_close(&cx);
}

static void html__fetches_nothing(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_out *out;
    int drawings = 0;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_out_memory(&cx, &out), MT_OK);
    const char *text = make_page(&cx, out, &drawings);
    assert_null(strstr(text, "http://"));
    assert_null(strstr(text, "https://"));
    assert_null(strstr(text, "url("));
    assert_null(strstr(text, "@import"));
    assert_non_null(strstr(text, "default-src 'none'"));
    mt_out_close(out);
    mt_ctx_close(&cx);
}

static void html__shows_tables_as_people_read_them(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_out *out;
    int drawings = 0;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_out_memory(&cx, &out), MT_OK);
    const char *text = make_page(&cx, out, &drawings);
    assert_non_null(strstr(text, "<th scope=\"col\">start<span class=\"unit\">UTC</span></th>"));
    assert_non_null(
        strstr(text, "<td>2024-01-01 00:02:22</td><td class=\"n\">62.03</td><td class=\"n\">1125</td>"));
    assert_non_null(strstr(text, "<td>1970-01-01 00:00</td>"));
    assert_non_null(strstr(text, "<td><span class=\"null\">–</span></td>"));
    assert_non_null(strstr(text, "The first 3 of 4 rows."));
    assert_int_equal(count(text, "<tr>"), 4);
    mt_out_close(out);
    mt_ctx_close(&cx);
}

static void html__draws_for_wide_and_narrow_screens(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_out *out;
    int drawings = 0;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_out_memory(&cx, &out), MT_OK);
    const char *text = make_page(&cx, out, &drawings);
    assert_int_equal(drawings, 2);
    assert_non_null(strstr(text, "<div class=\"wide\">\n<svg class=\"w960\">"));
    assert_non_null(strstr(text, "<div class=\"narrow\">\n<svg class=\"w350\">"));
    mt_out_close(out);
    mt_ctx_close(&cx);
}

static void html__remembers_the_first_failure(void **state)
{
    (void)state;
    mt_ctx cx;
    mt_out *out;
    mt_html page;
    int drawings = 0;
    mt_ctx_init(&cx, NULL);
    assert_int_equal(mt_out_memory(&cx, &out), MT_OK);
    mt_html_open(&cx, &page, out, &(mt_html_options){.size = sizeof(mt_html_options), .title = "x"});
    page.code = mt_fail(&cx, MT_E_REMOTE, "a drawing failed");
    mt_html_figure(&page, "x", draw, &drawings);
    assert_int_equal(drawings, 0);
    assert_int_equal(mt_html_close(&page, NULL), MT_E_REMOTE);
    mt_out_close(out);
    mt_ctx_close(&cx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(html__escapes_every_text),
        cmocka_unit_test(html__fetches_nothing),
        cmocka_unit_test(html__shows_tables_as_people_read_them),
        cmocka_unit_test(html__draws_for_wide_and_narrow_screens),
        cmocka_unit_test(html__remembers_the_first_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
