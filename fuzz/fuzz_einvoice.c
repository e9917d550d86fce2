/* Fuzzer of electronic invoices, UBL and CII: each finding has its rule and sentence, or there is a sentence.
 *
 * Shapes    Any bytes.
 */
#include "fuzz_input.h"

#include "formats/document/en16931_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {.fd = -1};
    mt_en16931_report report;
    mt_ctx_init(&input.cx, NULL);
    mt_code code = mt_en16931_check(&input.cx, &report, "fuzz", (mt_text){(const char *)data, size});
    fuzz_check(&input, code);
    if (code == MT_OK) {
        DEMAND(report.errors + report.warnings <= report.n && report.syntax[0] != '\0');
        for (size_t k = 0; k < report.n; k++) {
            const mt_en16931_finding *finding = &report.finding[k];
            DEMAND(finding->rule[0] != '\0' && finding->sentence[0] != '\0' && finding->element[0] != '\0');
        }
    }
    mt_ctx_close(&input.cx);
    return 0;
}
