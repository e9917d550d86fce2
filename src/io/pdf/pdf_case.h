/* What the tests of this folder share: a press, a document, its bytes.
 *
 * Purpose   Included by tests only, after cmocka.h. Skips where a library or the font is not installed.
 */
#ifndef MT_IO_PDF_PDF_CASE_H
#define MT_IO_PDF_PDF_CASE_H

#include <string.h>

#include "base/ctx_case.h"
#include "io/pdf/archive.h"
#include "io/pdf/page.h"

/* Fonts are looked for once a process, in threads of the text library: what it keeps is no leak of a test. */
MT_API const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\n";
}

static mt_press *press_case;

static inline int press_case_open(void **state)
{
    (void)ctx_case_open(state);
    press_case = NULL;
    if (mt_press_open(&ctx_case, &press_case) != MT_OK) print_message("%s\n", ctx_case.err);
    return 0;
}

static inline int press_case_close(void **state)
{
    mt_press_close(press_case);
    return ctx_case_close(state);
}

#define ON_PRESS(test) cmocka_unit_test_setup_teardown(test, press_case_open, press_case_close)
#define NEEDS_PRESS()                                                                                        \
    do {                                                                                                     \
        if (!press_case) skip();                                                                             \
    } while (0)

static inline mt_pdf_about about_case(void)
{
    return (mt_pdf_about){.title = "Gutschrift GS-1 \xE2\x82\xAC",
                          .author = "M\xC3\xBCller & <S\xC3\xB6hne>",
                          .language = "de",
                          .created = case_at("2025-07-03T06:30:00Z")};
}

static inline void open_case(mt_pdf *pdf)
{
    static const char *const footer[] = {"Windpark\nHusum", "IBAN"};
    mt_pdf_options options = {
        .size = sizeof options, .about = about_case(), .footer = footer, .n_footer = 2, .running = "GS-1"};
    mt_pdf_open(&ctx_case, pdf, press_case, &options);
}

/* The printed document, in the context. */
static inline mt_text printed_case(mt_pdf *pdf)
{
    mt_out *out = NULL;
    const char *bytes = NULL;
    assert_int_equal(mt_out_memory(&ctx_case, &out), MT_OK);
    if (mt_pdf_close(pdf, out) != MT_OK) fail_msg("%s", ctx_case.err);
    mt_text text = mt_out_bytes(out);
    assert_int_equal(mt_text_copy(&ctx_case, &bytes, text), MT_OK);
    mt_out_close(out);
    return (mt_text){bytes, text.length};
}

static inline size_t count_case(mt_text bytes, const char *word)
{
    size_t n = 0, length = strlen(word);
    for (size_t k = 0; k + length <= bytes.length; k++) n += memcmp(bytes.at + k, word, length) == 0;
    return n;
}

#endif
