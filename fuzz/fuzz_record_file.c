/* Fuzzer of files of records and of recognising them: every record is observations or a fault with a reason.
 *
 * Shapes    Any bytes. The size chooses between recognising the file and forcing what it is.
 */
#include "fuzz_input.h"

#include "formats/detect.h"
#include "formats/series/record_file.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static mt_code read_batches(mt_ctx *cx, mt_record_file *file)
{
    mt_record_batch batch;
    uint64_t observations = 0, bad = 0;
    do {
        MT_TRY(mt_record_file_next(cx, file, &batch));
        for (size_t k = 0; k < batch.n; k++) {
            const mt_observation *at = &batch.at[k];
            DEMAND(at->kind[0] != '\0' && at->area != NULL && at->detail != NULL &&
                   at->start != MT_TIME_NONE);
            DEMAND(at->source != NULL && (at->payload == NULL || at->payload[0] == '{'));
        }
        for (size_t k = 0; k < batch.n_bad; k++)
            DEMAND(batch.bad[k].reason[0] != '\0' && batch.bad[k].line > 0);
        observations += batch.n;
        bad += batch.n_bad;
    } while (batch.n > 0 || batch.n_bad > 0);
    const mt_record_facts *facts = mt_record_file_about(file);
    DEMAND(facts->observations == observations && facts->bad == bad);
    return MT_OK;
}

static mt_code read_records(fuzz_input *input, size_t size)
{
    size_t n;
    mt_record_file *file;
    const mt_mapping *all = mt_mappings(&n);
    mt_record_options options = {.size = sizeof options};
    if (size % 3 == 1) options.as = all[size % n].name;
    MT_TRY(mt_record_file_open(&input->cx, &file, input->bytes, NULL, &options));
    mt_code code = read_batches(&input->cx, file);
    mt_record_file_close(file);
    return code;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input;
    mt_form_found found;
    fuzz_open(&input, data, size);
    if (input.bytes != NULL) {
        mt_code code = mt_form_recognise(&input.cx, &found, input.bytes);
        fuzz_check(&input, code);
        DEMAND(code != MT_OK || mt_form_of(&input.cx, &found, found.as) == MT_OK);
        mt_ctx_forgive(&input.cx);
        fuzz_check(&input, read_records(&input, size));
    }
    fuzz_close(&input);
    return 0;
}
