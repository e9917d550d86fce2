/* Stored documents as operations ask for them: filtered, and only those that the caller may see.
 *
 * Errors    MT_E_ABSENT  no store, no such number (also one that is not the caller's);  MT_E_INPUT  days
 *           that are none.
 * Ownership Results live in cx.
 */
#ifndef MT_OPS_VPP_DOCUMENTS_STORED_H
#define MT_OPS_VPP_DOCUMENTS_STORED_H

#include "ops/vpp/desk_args.h"
#include "ops/world.h"
#include "store/data/document_store.h"

MT_BEGIN_DECLS

/* clang-format off */
#define MT_ARG_STORED \
    {.name = "day", MT_DAY_AT(mt_desk_args, day), .doc = "documents whose period touches this day"}, \
    {.name = "until", MT_DAY_AT(mt_desk_args, until), .doc = "or one up to this day, included"}, \
    {.name = "month", MT_TEXT_AT(mt_desk_args, month), .doc = "or a day of this month, as 2025-06"}, \
    {.name = "contract", MT_TEXT_AT(mt_desk_args, contract), .doc = "only of this contract"}, \
    {.name = "asset", MT_TEXT_AT(mt_desk_args, asset), .doc = "only of this plant"}
/* clang-format on */

MT_MUST_USE mt_code mt_stored_list(mt_ctx *cx, const mt_world *world, const struct mt_desk_args *args,
                                   const mt_stored_document **out, size_t *n);

MT_MUST_USE mt_code mt_stored_read(mt_ctx *cx, const mt_world *world, const char *number,
                                   mt_stored_document *stored, mt_invoice *document);

/* The documents of the list that stand, with their bodies; with `cancelled` also those that a cancellation
 * took the place of: who books the cancellation books what it cancels. */
MT_MUST_USE mt_code mt_stored_standing(mt_ctx *cx, const mt_world *world, const struct mt_desk_args *args,
                                       bool cancelled, const mt_invoice *const **out, size_t *n);

MT_END_DECLS
#endif
