/* Who asks, what they may run, and which assets they see.
 *
 * Purpose   The rights of one caller: a role of the desk and, for an owner, the assets that are theirs. Every
 *           operation that touches assets opens its desk with them, so the filter stands in one place.
 * Shapes    A rights file is JSON: {"users": [{"user": "anna", "role": "trader"}, {"user": "jo", "role":
 *           "owner", "owner": "OWN-1", "assets": ["SOL-DE-001"]}]}. An owner sees the assets of its owner id
 *           and those listed; other roles see all. Without a rights file the caller is the administrator:
 *           whoever can read the files needs no permission from a program.
 * Errors    MT_E_INPUT  the file is damaged, a role is unknown (with the known ones), a user stands twice;
 *           MT_E_AUTH  there are rights, but no user is named;  MT_E_DENIED  the user is not in the file, or
 *           the role may not run the operation (with the roles that may).
 * Ownership Rights live in the context they were read with; constant afterwards.
 */
#ifndef MT_OPS_RIGHTS_H
#define MT_OPS_RIGHTS_H

#include "base/op.h"

MT_BEGIN_DECLS

typedef struct mt_rights {
    const char *user;
    unsigned role;     /* one of MT_DESK_… of base/op.h */
    const char *owner; /* NULL: none */
    const char *const *asset;
    size_t n_asset;
} mt_rights;

/* `user` NULL: nobody is named. */
MT_MUST_USE mt_code mt_rights_read(mt_ctx *cx, const mt_rights **out, const char *path, const char *user);
MT_MUST_USE mt_code mt_rights_parse(mt_ctx *cx, const mt_rights **out, const char *name, mt_text json,
                                    const char *user);

/* `rights` NULL: the administrator. */
MT_MUST_USE mt_code mt_rights_check(mt_ctx *cx, const mt_rights *rights, const mt_op *op);
bool mt_rights_see(const mt_rights *rights, const char *asset_id, const char *owner_id);

/* "trader, operations" of the bits; lives in cx. */
MT_MUST_USE mt_code mt_desk_roles_text(mt_ctx *cx, const char **out, unsigned roles);

MT_END_DECLS
#endif
