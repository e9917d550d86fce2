/* A rights file read, and its two questions answered. */
#include "ops/rights.h"

#include "io/bytes.h"
#include "io/json.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define ROLE_ROW(symbol, word, meaning) {symbol, word},
static const struct {
    unsigned bit;
    const char *word;
} role[] = {MT_DESK_ROLE_LIST(ROLE_ROW)};

enum { ROLES = sizeof role / sizeof *role };

mt_code mt_desk_roles_text(mt_ctx *cx, const char **out, unsigned roles)
{
    *out = "";
    for (size_t k = 0; k < ROLES; k++) {
        if (!(roles & role[k].bit)) continue;
        MT_TRY(mt_text_format(cx, out, "%s%s%s", *out, **out ? ", " : "", role[k].word));
    }
    return MT_OK;
}

static mt_code find_role(mt_ctx *cx, unsigned *out, const char *word)
{
    const char *known;
    for (size_t k = 0; k < ROLES; k++) {
        if (strcmp(role[k].word, word) == 0) return *out = role[k].bit, MT_OK;
    }
    MT_TRY(mt_desk_roles_text(cx, &known, ~0U));
    return mt_fail(cx, MT_E_INPUT, "\"%s\" is no role; roles are %s", word, known);
}

static mt_code read_assets(mt_ctx *cx, mt_rights *rights, const mt_json *list)
{
    const char **asset;
    if (!list) return MT_OK;
    if (list->kind != MT_JSON_ARRAY) return mt_fail(cx, MT_E_INPUT, "assets of %s is no list", rights->user);
    MT_TRY(MT_NEW(cx, &asset, list->count));
    for (const mt_json *one = list->first; one; one = one->next) {
        if (one->kind != MT_JSON_STRING)
            return mt_fail(cx, MT_E_INPUT, "an asset of %s is no text", rights->user);
        MT_TRY(mt_text_copy(cx, &asset[rights->n_asset++], one->text));
    }
    rights->asset = asset;
    return MT_OK;
}

static mt_code read_user(mt_ctx *cx, mt_rights *rights, const mt_json *entry)
{
    const char *word;
    const mt_json *owner = mt_json_member(entry, "owner");
    MT_TRY(mt_json_get_text(cx, &rights->user, entry, "user"));
    MT_TRY(mt_json_get_text(cx, &word, entry, "role"));
    MT_TRY(find_role(cx, &rights->role, word));
    if (owner && owner->kind == MT_JSON_STRING) MT_TRY(mt_text_copy(cx, &rights->owner, owner->text));
    return read_assets(cx, rights, mt_json_member(entry, "assets"));
}

mt_code mt_rights_parse(mt_ctx *cx, const mt_rights **out, const char *name, mt_text json, const char *user)
{
    const mt_json *document, *users;
    mt_rights *found = NULL;
    MT_TRY(mt_json_read(cx, &document, name, json.at, json.length));
    if (mt_json_get_array(cx, &users, document, "users") != MT_OK) return mt_fail_at(cx, "%s", name);
    for (const mt_json *entry = users->first; entry; entry = entry->next) {
        mt_rights *one;
        MT_TRY(MT_NEW(cx, &one, 1));
        if (read_user(cx, one, entry) != MT_OK) return mt_fail_at(cx, "%s", name);
        if (!user || strcmp(one->user, user) != 0) continue;
        if (found) return mt_fail(cx, MT_E_INPUT, "%s: user %s stands twice", name, user);
        found = one;
    }
    if (!user) return mt_fail(cx, MT_E_AUTH, "%s gives rights to users; say which with --user NAME", name);
    if (!found) return mt_fail(cx, MT_E_DENIED, "user %s has no rights in %s", user, name);
    *out = found;
    return MT_OK;
}

mt_code mt_rights_read(mt_ctx *cx, const mt_rights **out, const char *path, const char *user)
{
    mt_bytes *bytes = NULL;
    const char *at;
    size_t n;
    bool last = false;
    mt_code code;
    mt_input input = {path, open(path, O_RDONLY | O_CLOEXEC)};
    if (input.fd < 0) return mt_fail(cx, MT_E_ABSENT, "there is no rights file %s", path);
    MT_TRY_OUT(mt_bytes_open(cx, &bytes, &input));
    MT_TRY_OUT(mt_bytes_next(cx, bytes, 0, &at, &n, &last));
    while (!last) MT_TRY_OUT(mt_bytes_next(cx, bytes, 0, &at, &n, &last));
    MT_TRY_OUT(mt_rights_parse(cx, out, path, (mt_text){at, n}, user));
out:
    mt_bytes_close(bytes);
    close(input.fd);
    return code;
}

mt_code mt_rights_check(mt_ctx *cx, const mt_rights *rights, const mt_op *op)
{
    const char *mine, *theirs;
    if (!rights || !op->desk || rights->role == MT_DESK_ADMINISTRATOR || op->desk & rights->role)
        return MT_OK;
    MT_TRY(mt_desk_roles_text(cx, &mine, rights->role));
    MT_TRY(mt_desk_roles_text(cx, &theirs, op->desk | MT_DESK_ADMINISTRATOR));
    return mt_fail(cx, MT_E_DENIED, "%s (%s) may not run %s; that is for %s", rights->user, mine, op->name,
                   theirs);
}

bool mt_rights_see(const mt_rights *rights, const char *asset_id, const char *owner_id)
{
    if (!rights || rights->role != MT_DESK_OWNER) return true;
    if (rights->owner && owner_id && strcmp(rights->owner, owner_id) == 0) return true;
    for (size_t k = 0; k < rights->n_asset; k++) {
        if (strcmp(rights->asset[k], asset_id) == 0) return true;
    }
    return false;
}
