/* What to do where a server owns the store that a process wants for itself.
 *
 * Purpose   `stream consume` and `pipeline run` are processes of their own: what a command hands over to the
 *           server, they cannot. Their user is told what does work instead.
 */
#ifndef MT_CLI_OWNED_H
#define MT_CLI_OWNED_H

#include "cli/program.h"

/* The failure that cx holds (somebody has the store), with the line to write into the server's
 * configuration. */
MT_MUST_USE mt_code mt_owned_stream(mt_program *program);

/* MT_E_BUSY before anything is done where a server owns the store of a pipeline; else MT_OK. */
MT_MUST_USE mt_code mt_owned_check(mt_program *program);

#endif
