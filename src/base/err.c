/* The error list turned into tables. */
#include "base/err.h"

#include <stddef.h>

struct err_row {
    const char *name;
    int exit_status;
    int http_status;
    const char *meaning;
};

#define ERR_ROW(symbol, exit_status, http_status, meaning) {#symbol, exit_status, http_status, meaning},
static const struct err_row err_row[] = {MT_ERR_LIST(ERR_ROW)};

/* A code from outside the list is a bug of ours; answering for it must still be possible. */
static const struct err_row *find_row(mt_code code)
{
    size_t k = (size_t)code;
    return &err_row[k < MT_CODE_COUNT ? k : (size_t)MT_E_BUG];
}

int mt_code_exit(mt_code code)
{
    return find_row(code)->exit_status;
}

int mt_code_http(mt_code code)
{
    return find_row(code)->http_status;
}

const char *mt_code_name(mt_code code)
{
    return find_row(code)->name;
}

const char *mt_code_meaning(mt_code code)
{
    return find_row(code)->meaning;
}
