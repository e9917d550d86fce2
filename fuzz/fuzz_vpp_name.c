/* Fuzzer of the names of a portfolio's files and of the cells in them: what is found lies within the text,
 * days and moments are of the calendar, decimals are those that were written.
 *
 * Shapes    Any bytes: as a name, as the first bytes of a file, and as a cell.
 */
#include "fuzz_input.h"

#include "formats/vpp/cell.h"
#include "formats/vpp/name.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_name(mt_text text)
{
    mt_vpp_name name = mt_vpp_name_read(text);
    bool inside =
        name.subject.length == 0 || (name.subject.at >= text.at && name.subject.length <= text.length &&
                                     name.subject.at + name.subject.length <= text.at + text.length);
    DEMAND(inside && (unsigned)name.kind < MT_VPP_FILE_KINDS);
    DEMAND(name.day == MT_DAY_NONE || (name.day >= 10957 && name.day <= 84370)); /* 2000 to 2200 */
    DEMAND(!(name.text && name.json));
    name.text = name.json = true;
    DEMAND((unsigned)mt_vpp_name_guess(&name, text) < MT_VPP_FILE_KINDS);
}

/* The careful reader of base/text agrees where no place is lost. */
static void check_decimal(mt_text text)
{
    mt_micro value = 0, other;
    char mark = 0;
    mt_vpp_found found = mt_vpp_decimal(text, &mark, &value);
    text = mt_text_trim(text);
    if (!mt_micro_parse(text.at, text.length, &other) || text.length > 64) return;
    if (found == MT_VPP_RIGHT) DEMAND(value == other);
}

static void check_cells(mt_text text)
{
    mt_time t = 0;
    mt_day day = 0;
    bool stated, seconds = false;
    int64_t number = 0;
    check_decimal(text);
    (void)mt_vpp_instant(text, true, &t);
    if (mt_vpp_day(text, &day) == MT_VPP_RIGHT) DEMAND(day != MT_DAY_NONE);
    (void)mt_vpp_scale_of(text, mt_vpp_eur_mwh, &stated);
    DEMAND(mt_vpp_name_of(text).length <= text.length);
    for (int places = 0; places <= MT_VPP_PLACES_MAX; places += 3) {
        const char *behind = mt_vpp_number(text.at, text.at + text.length, '.', places, &number);
        DEMAND(behind == NULL || (behind > text.at && behind <= text.at + text.length));
        t = behind != NULL ? mt_vpp_number_time(number, &seconds) : MT_TIME_NONE;
        DEMAND(t == MT_TIME_NONE || t >= 946684800 * MT_US_SECOND);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mt_text text = {(const char *)data, size};
    if (size == 0) text.at = "";
    check_name(text);
    check_cells(text);
    return 0;
}
