/* Members of small JSON documents: data sheets and parties. */
#include "formats/vpp/json/members.h"

#include <math.h>
#include <string.h>

/* All bytes of the file in one piece. */
static mt_code read_whole(mt_vpp_reader *reader, char **out, size_t *n)
{
    const char *at;
    size_t shown = 0, room = 0;
    char *whole = NULL;
    bool last = false;
    for (*n = 0; !last; *n += shown) {
        MT_TRY(mt_bytes_next(&reader->own, reader->bytes, shown, &at, &shown, &last));
        if (*n + shown > MT_JSON_BYTES_MAX)
            return mt_fail(&reader->own, MT_E_TOO_LARGE,
                           "%s has more than %d bytes; such documents are small", mt_vpp_file_name(reader),
                           MT_JSON_BYTES_MAX);
        if (*n + shown > room) {
            char *more;
            room = 2 * (*n + shown);
            MT_TRY(MT_NEW(&reader->own, &more, room));
            if (*n > 0) memcpy(more, whole, *n);
            whole = more;
        }
        if (shown > 0) memcpy(whole + *n, at, shown);
    }
    *out = whole;
    return MT_OK;
}

mt_code mt_vpp_document(mt_vpp_reader *reader, const mt_json **out)
{
    char *whole = NULL;
    size_t n;
    MT_TRY(read_whole(reader, &whole, &n));
    if (n == 0)
        return mt_fail(&reader->own, MT_E_INPUT, "%s is empty; expected JSON", mt_vpp_file_name(reader));
    return mt_json_read(&reader->own, out, mt_vpp_file_name(reader), whole, n);
}

/* The characters of a text or number, empty where there are none. */
static mt_text text_of(const mt_json *object, const char *name)
{
    const mt_json *value = mt_json_member(object, name);
    if (value == NULL || (value->kind != MT_JSON_STRING && value->kind != MT_JSON_NUMBER))
        return (mt_text){"", 0};
    return value->text;
}

const char *mt_vpp_member_text(const mt_json *object, const char *name)
{
    mt_text text = text_of(object, name);
    if (text.length == 0 || memchr(text.at, 0, text.length) != NULL) return NULL;
    return text.at;
}

double mt_vpp_member_real(const mt_json *object, const char *name)
{
    double value;
    mt_text text = text_of(object, name);
    return mt_real_parse(text.at, text.length, &value) ? value : NAN;
}

mt_micro mt_vpp_member_decimal(const mt_json *object, const char *name)
{
    char mark = 0;
    mt_micro value;
    return mt_vpp_decimal(text_of(object, name), &mark, &value) == MT_VPP_RIGHT ? value : MT_MICRO_NONE;
}

mt_day mt_vpp_member_day(const mt_json *object, const char *name)
{
    mt_day day;
    return mt_vpp_day(text_of(object, name), &day) == MT_VPP_RIGHT ? day : MT_DAY_NONE;
}

bool mt_vpp_member_bool(const mt_json *object, const char *name)
{
    const mt_json *value = mt_json_member(object, name);
    return value != NULL && value->kind == MT_JSON_BOOL && value->boolean;
}
