/* Keys and passwords: from files or the environment, never from the command line.
 *
 * Purpose   Looks for NAME in this order: the environment variable NAME; the file that NAME_FILE names; the
 *           file NAME in the folder of CREDENTIALS_DIRECTORY (systemd) or /run/secrets (containers); a line
 *           NAME=value of ~/.config/merit/keys (after the XDG rules).
 * Errors    MT_E_DENIED  the keys file can be read by others than its owner (the chmod that cures it is
 *           named);  MT_E_IO  a file that is named cannot be read.
 * Ownership The value lives in cx. An empty value counts as none.
 */
#ifndef MT_CLI_SECRETS_H
#define MT_CLI_SECRETS_H

#include "ops/world.h"

mt_secret_fn mt_secret_find;

#endif
