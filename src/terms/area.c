/* The table of bidding zones and the look-up in it. */
#include "terms/area.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>

/* clang-format off */
static const mt_area area_table[] = {
    {"DK1", "Denmark-West", "10YDK-1--------W", "DK", "Europe/Copenhagen", "DKK", 56.1, 9.3, 60, 15},
    {"DK2", "Denmark-East", "10YDK-2--------M", "DK", "Europe/Copenhagen", "DKK", 55.5, 12.0, 60, 15},
    {"DE-LU", "DE Germany LU Luxembourg", "10Y1001A1001A82H", "DE", "Europe/Berlin", "EUR", 51.2,
     10.3, 60, 15},
    {"AT", "Austria", "10YAT-APG------L", "AT", "Europe/Vienna", "EUR", 47.6, 14.1, 60, 15},
    {"FR", "France", "10YFR-RTE------C", "FR", "Europe/Paris", "EUR", 46.6, 2.5, 60, 15},
    {"NL", "Netherlands", "10YNL----------L", "NL", "Europe/Amsterdam", "EUR", 52.2, 5.4, 60, 15},
    {"BE", "Belgium", "10YBE----------2", "BE", "Europe/Brussels", "EUR", 50.6, 4.6, 60, 15},
    {"NO1", "Oslo", "10YNO-1--------2", "NO", "Europe/Oslo", "NOK", 60.5, 10.5, 60, 15},
    {"NO2", "Kristiansand", "10YNO-2--------T", "NO", "Europe/Oslo", "NOK", 58.8, 7.3, 60, 15},
    {"NO3", "Trondheim", "10YNO-3--------J", "NO", "Europe/Oslo", "NOK", 63.4, 10.4, 60, 15},
    {"NO4", "Tromso", "10YNO-4--------9", "NO", "Europe/Oslo", "NOK", 68.5, 17.0, 60, 15},
    {"NO5", "Bergen", "10Y1001A1001A48H", "NO", "Europe/Oslo", "NOK", 60.6, 6.2, 60, 15},
    {"SE1", "Lulea", "10Y1001A1001A44P", "SE", "Europe/Stockholm", "SEK", 66.5, 20.5, 60, 15},
    {"SE2", "Sundsvall", "10Y1001A1001A45N", "SE", "Europe/Stockholm", "SEK", 63.0, 16.0, 60, 15},
    {"SE3", "Stockholm", "10Y1001A1001A46L", "SE", "Europe/Stockholm", "SEK", 59.2, 15.5, 60, 15},
    {"SE4", "Malmo", "10Y1001A1001A47J", "SE", "Europe/Stockholm", "SEK", 56.3, 14.2, 60, 15},
    {"FI", "Finland", "10YFI-1--------U", "FI", "Europe/Helsinki", "EUR", 62.5, 25.5, 60, 15},
    {"EE", "Estonia", "10Y1001A1001A39I", "EE", "Europe/Tallinn", "EUR", 58.7, 25.5, 60, 15},
    {"LV", "Latvia", "10YLV-1001A00074", "LV", "Europe/Riga", "EUR", 56.9, 24.9, 60, 15},
    {"LT", "Lithuania", "10YLT-1001A0008Q", "LT", "Europe/Vilnius", "EUR", 55.2, 23.9, 60, 15},
    {"PL", "Poland", "10YPL-AREA-----S", "PL", "Europe/Warsaw", "PLN", 52.1, 19.4, 60, 15},
    {"CZ", "Czechia", "10YCZ-CEPS-----N", "CZ", "Europe/Prague", "CZK", 49.8, 15.5, 60, 15},
    {"SK", "Slovakia", "10YSK-SEPS-----K", "SK", "Europe/Bratislava", "EUR", 48.7, 19.5, 60, 15},
    {"HU", "Hungary", "10YHU-MAVIR----U", "HU", "Europe/Budapest", "HUF", 47.2, 19.4, 60, 15},
    {"SI", "Slovenia", "10YSI-ELES-----O", "SI", "Europe/Ljubljana", "EUR", 46.1, 14.8, 60, 15},
    {"HR", "Croatia", "10YHR-HEP------M", "HR", "Europe/Zagreb", "EUR", 45.2, 16.0, 60, 15},
    {"RO", "Romania", "10YRO-TEL------P", "RO", "Europe/Bucharest", "RON", 45.9, 25.0, 60, 15},
    {"BG", "Bulgaria", "10YCA-BULGARIA-R", "BG", "Europe/Sofia", "EUR", 42.7, 25.3, 60, 15},
    {"GR", "Greece", "10YGR-HTSO-----Y", "GR", "Europe/Athens", "EUR", 38.9, 22.5, 60, 15},
    {"IT-NORD", "IT-North NORD", "10Y1001A1001A73I", "IT", "Europe/Rome", "EUR", 45.4, 10.0, 60, 15},
    {"IT-CNOR", "IT-Centre-North CNOR", "10Y1001A1001A70O", "IT", "Europe/Rome", "EUR", 43.4, 11.5, 60, 15},
    {"IT-CSUD", "IT-Centre-South CSUD", "10Y1001A1001A71M", "IT", "Europe/Rome", "EUR", 41.6, 13.5, 60, 15},
    {"IT-SUD", "IT-South SUD", "10Y1001A1001A788", "IT", "Europe/Rome", "EUR", 41.0, 16.2, 60, 15},
    {"IT-CALA", "IT-Calabria CALA", "10Y1001C--00096J", "IT", "Europe/Rome", "EUR", 38.9, 16.4, 60, 15},
    {"IT-SICI", "IT-Sicily SICI", "10Y1001A1001A75E", "IT", "Europe/Rome", "EUR", 37.6, 14.2, 60, 15},
    {"IT-SARD", "IT-Sardinia SARD", "10Y1001A1001A74G", "IT", "Europe/Rome", "EUR", 40.1, 9.1, 60, 15},
    {"IT", "Italy PUN", "10YIT-GRTN-----B", "IT", "Europe/Rome", "EUR", 42.8, 12.5, 60, 15},
    {"ES", "Spain", "10YES-REE------0", "ES", "Europe/Madrid", "EUR", 40.2, -3.6, 60, 15},
    {"PT", "Portugal", "10YPT-REN------W", "PT", "Europe/Lisbon", "EUR", 39.6, -8.0, 60, 15},
    {"CH", "Switzerland", "10YCH-SWISSGRIDZ", "CH", "Europe/Zurich", "CHF", 46.8, 8.2, 60, 60},
    {"GB", "UK Great-Britain United-Kingdom", "10YGB----------A", "GB", "Europe/London", "GBP",
     53.0, -1.6, 60, 60},
    {"IE-SEM", "SEM Ireland IE", "10Y1001A1001A59C", "IE", "Europe/Dublin", "EUR", 53.4, -7.5, 60, 30},
    {"SYSTEM", "SYS Nordic-System", "", "", "Europe/Oslo", "EUR", 60.5, 15.0, 60, 15},
    {"ME", "Montenegro", "10YCS-CG-TSO---S", "ME", "Europe/Podgorica", "EUR", 42.8, 19.2, 60, 60},
    {"RS", "Serbia", "10YCS-SERBIATSOV", "RS", "Europe/Belgrade", "RSD", 44.2, 20.8, 60, 60},
    {"BA", "Bosnia-Herzegovina", "10YBA-JPCC-----D", "BA", "Europe/Sarajevo", "BAM", 44.2, 17.8, 60, 60},
    {"MK", "North-Macedonia", "10YMK-MEPSO----8", "MK", "Europe/Skopje", "MKD", 41.6, 21.7, 60, 60},
    {"AL", "Albania", "10YAL-KESH-----5", "AL", "Europe/Tirane", "ALL", 41.1, 20.0, 60, 60},
    {"XK", "Kosovo", "10Y1001C--00100H", "XK", "Europe/Belgrade", "EUR", 42.6, 20.9, 60, 60},
    {"MT", "Malta", "10Y1001A1001A93C", "MT", "Europe/Malta", "EUR", 35.9, 14.4, 60, 60},
    {"CY", "Cyprus", "10YCY-1001A0003J", "CY", "Asia/Nicosia", "EUR", 35.0, 33.2, 60, 60},
    {"MD", "Moldova", "10Y1001A1001A990", "MD", "Europe/Chisinau", "MDL", 47.2, 28.5, 60, 60},
    {"UA", "Ukraine UA-IPS", "10Y1001C--00003F", "UA", "Europe/Kiev", "UAH", 49.0, 31.4, 60, 60},
    {"TR", "Turkey Turkiye", "10YTR-TEIAS----W", "TR", "Europe/Istanbul", "TRY", 39.1, 35.2, 60, 60},
    {"NO2-NSL", "", "50Y0JVU59B4JWQCU", "NO", "Europe/Oslo", "NOK", 58.8, 7.3, 60, 15},
    {"DE-AT-LU", "", "10Y1001A1001A63L", "DE", "Europe/Berlin", "EUR", 50.4, 11.0, 60, 60},
};
/* clang-format on */

enum { AREAS = sizeof area_table / sizeof *area_table, EIC_LENGTH = 16 };

static const char *skip_marks(const char *at)
{
    while (*at == '-' || *at == '_') at++;
    return at;
}

/* Equal but for case, '-' and '_'; `end` NULL: `word` ends with its zero. */
static bool same_word(const char *word, const char *end, const char *given)
{
    for (;;) {
        word = skip_marks(word), given = skip_marks(given);
        while (*given == ' ') given++;
        bool done = end ? word >= end : !*word;
        if (done || !*given) return done && !*given;
        if (toupper((unsigned char)*word++) != toupper((unsigned char)*given++)) return false;
    }
}

static bool is_alias(const char *list, const char *given)
{
    for (const char *at = list; *at;) {
        size_t length = strcspn(at, " ");
        if (same_word(at, at + length, given)) return true;
        at += length;
        at += *at == ' ';
    }
    return false;
}

/* 0 to 36, or -1. */
static int eic_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
    return c == '-' ? 36 : -1;
}

const mt_area *mt_areas(size_t *n)
{
    *n = AREAS;
    return area_table;
}

const mt_area *mt_area_find(const char *word)
{
    if (!word || !*skip_marks(word)) return NULL;
    for (size_t k = 0; k < AREAS; k++) {
        const mt_area *a = &area_table[k];
        if (same_word(a->name, NULL, word) || (*a->eic && strcmp(a->eic, word) == 0)) return a;
    }
    for (size_t k = 0; k < AREAS; k++) {
        if (is_alias(area_table[k].alias, word)) return &area_table[k];
    }
    return NULL;
}

mt_code mt_area_get(mt_ctx *cx, const mt_area **out, const char *word)
{
    const char *name[AREAS];
    const mt_area *found = mt_area_find(word);
    if (found) {
        *out = found;
        return MT_OK;
    }
    for (size_t k = 0; k < AREAS; k++) name[k] = area_table[k].name;
    int near = word ? mt_text_nearest(word, name, AREAS) : -1;
    if (near < 0)
        return mt_fail(cx, MT_E_ABSENT,
                       "no bidding zone is called \"%.40s\"; a name like DK1 or DE-LU or an EIC is wanted",
                       word ? word : "");
    return mt_fail(cx, MT_E_ABSENT, "no bidding zone is called \"%.40s\"; did you mean %s?", word,
                   name[near]);
}

mt_time mt_area_step(const mt_area *area, mt_day day)
{
    return (day < MT_AREA_STEP_CHANGED ? area->step_min : area->new_step_min) * MT_US_MINUTE;
}

bool mt_eic_valid(const char *eic)
{
    int sum = 0;
    if (strlen(eic) != EIC_LENGTH) return false;
    for (int k = 0; k < EIC_LENGTH - 1; k++) {
        int digit = eic_digit(eic[k]);
        if (digit < 0) return false;
        sum += digit * (EIC_LENGTH - k);
    }
    return eic_digit(eic[EIC_LENGTH - 1]) == 36 - (sum - 1) % 37;
}
