/* One thread that waits for signals. */
#include "cli/signals.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static void stop_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGHUP);
}

static void *wait_for_signals(void *arg)
{
    sigset_t set;
    int signal;
    stop_signals(&set);
    sigwait(&set, &signal);
    mt_ctx_cancel(arg);
    sigwait(&set, &signal);
    _exit(mt_code_exit(MT_E_CANCELLED));
}

mt_code mt_signals_watch(mt_ctx *cx)
{
    sigset_t set;
    pthread_t thread;
    stop_signals(&set);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    if (pthread_create(&thread, NULL, wait_for_signals, cx))
        return mt_fail(cx, MT_E_FAILED, "no thread can be started");
    pthread_detach(thread);
    return MT_OK;
}
