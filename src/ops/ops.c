/* The table of operations, from list.h. */
#include "ops/ops.h"

#include "ops/list.h"
#include "ops/rights.h"

#include <string.h>

#define OP_DECLARED(symbol) extern const mt_op symbol;
MT_OP_LIST(OP_DECLARED)

#define OP_ROW(symbol) &symbol,
static const mt_op *const table[] = {MT_OP_LIST(OP_ROW)};

enum { OPS = sizeof table / sizeof *table };

const mt_op *const *mt_ops(size_t *n)
{
    *n = OPS;
    return table;
}

const mt_op *mt_ops_find(const char *name)
{
    for (size_t k = 0; k < OPS; k++) {
        if (strcmp(table[k]->name, name) == 0) return table[k];
    }
    return NULL;
}

mt_code mt_ops_get(mt_ctx *cx, const mt_op **out, const char *name)
{
    const char *known[OPS];
    *out = mt_ops_find(name);
    if (*out) return MT_OK;
    for (size_t k = 0; k < OPS; k++) known[k] = table[k]->name;
    int nearest = mt_text_nearest(name, known, OPS);
    return mt_fail(cx, MT_E_ABSENT, "there is no operation \"%s\"%s%s", name,
                   nearest < 0 ? "" : "; did you mean ", nearest < 0 ? "" : known[nearest]);
}

mt_code mt_op_run(mt_ctx *cx, const mt_op *op, const mt_world *world, const void *args, mt_sink *out)
{
    MT_TRY(mt_rights_check(cx, mt_world_settings(world)->rights, op));
    return op->run(cx, world, args, out);
}
