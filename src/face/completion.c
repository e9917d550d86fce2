/* The door to the completion scripts. */
#include "face/completion.h"
#include "face/shells/shell.h"

#include <string.h>

static const mt_shell *const shell_table[] = {&mt_shell_bash, &mt_shell_zsh, &mt_shell_fish};
enum { SHELLS = sizeof shell_table / sizeof *shell_table };

static mt_code refuse(mt_ctx *cx, const char *shell)
{
    const char *name[SHELLS];
    for (int k = 0; k < SHELLS; k++) name[k] = shell_table[k]->name;
    int nearest = mt_text_nearest(shell, name, SHELLS);
    return mt_fail(cx, MT_E_INPUT, "there is no completion for \"%s\", only for bash, zsh and fish%s%s%s",
                   shell, nearest < 0 ? "" : "; did you mean ", nearest < 0 ? "" : name[nearest],
                   nearest < 0 ? "" : "?");
}

mt_code mt_completion(mt_ctx *cx, mt_out *out, const mt_face *face, const char *shell)
{
    mt_catalog catalog;
    for (int k = 0; k < SHELLS; k++) {
        if (strcmp(shell_table[k]->name, shell) != 0) continue;
        mt_page page = mt_page_open(cx, out, 0, false);
        MT_TRY(mt_catalog_make(cx, &catalog, face));
        MT_TRY(shell_table[k]->write(&page, face, &catalog));
        return page.code;
    }
    return refuse(cx, shell);
}
