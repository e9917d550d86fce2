/* Programs that the campaign starts: consumers, the mock broker, a private database server.
 *
 * Purpose   Whatever is started here dies with the campaign (PR_SET_PDEATHSIG; the server is stopped at its
 *           end) and writes its words into a file of the campaign's folder.
 * Errors    die() prints a sentence and ends the campaign with status 1: a campaign that cannot run proves
 *           nothing.
 */
#ifndef MERIT_FAULTS_PROCESS_H
#define MERIT_FAULTS_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>
#include <sys/wait.h>

_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));
void sleep_ms(int64_t ms);
int64_t clock_ms(void);

typedef struct fault_child {
    pid_t pid; /* 0: none runs */
    int status;
} fault_child;

/* argv ends with NULL; stdout and stderr are appended to `log`. */
void child_start(fault_child *child, const char *const *argv, const char *log);
bool child_ended(fault_child *child);            /* without waiting; `status` is set when it has */
void child_wait(fault_child *child, int64_t ms); /* dies when it takes longer */
bool child_killed(const fault_child *child);     /* by SIGKILL */
void child_end(fault_child *child);              /* SIGKILL */
void child_stop(fault_child *child, int64_t ms); /* SIGTERM, then waits; dies unless it ends with 0 */

typedef struct fault_broker {
    pid_t pid;
    FILE *to, *from;
    char url[256]; /* kafka://… */
} fault_broker;

void broker_start(fault_broker *broker, const char *program, int brokers);
void broker_tell(fault_broker *broker, const char *command); /* dies unless the answer is ok */
void broker_stop(fault_broker *broker);

typedef struct fault_server {
    char dir[80], url[200];
    bool runs;
} fault_server;

bool server_is_there(void); /* PostgreSQL's programs */
void server_make(fault_server *server, const char *dir);
void server_start(fault_server *server);
void server_stop(fault_server *server); /* at once, as a crash */

#endif
