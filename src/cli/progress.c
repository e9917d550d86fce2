/* The live line, and the plain lines where there is no terminal. */
#include "cli/progress.h"

#include "cli/clock.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 512 };

#define QUIET_FIRST_US (MT_US_SECOND / 2)
#define REDRAW_US      (MT_US_SECOND / 10)

struct mt_progress {
    pthread_mutex_t lock;
    bool quiet, live, colour, drawn;
    int64_t opened_us, drawn_us;
};

mt_code mt_progress_open(mt_ctx *cx, mt_progress **out, bool quiet, bool colour)
{
    mt_progress *progress;
    MT_TRY(MT_NEW(cx, &progress, 1));
    pthread_mutex_init(&progress->lock, NULL);
    progress->quiet = quiet;
    progress->live = isatty(STDERR_FILENO);
    progress->colour = colour;
    progress->opened_us = mt_clock_monotonic(NULL);
    *out = progress;
    return MT_OK;
}

/* Called with the lock held. */
static void erase(mt_progress *progress)
{
    if (progress->drawn) fputs("\r\033[K", stderr);
    progress->drawn = false;
}

void mt_progress_close(mt_progress *progress)
{
    if (!progress) return;
    erase(progress);
    pthread_mutex_destroy(&progress->lock);
}

void mt_progress_pause(mt_progress *progress)
{
    pthread_mutex_lock(&progress->lock);
    erase(progress);
    pthread_mutex_unlock(&progress->lock);
}

/* Called with the lock held: draws where it is time to. */
static void draw(mt_progress *progress, const char *line, bool must)
{
    struct winsize window = {.ws_col = 80};
    int64_t now = mt_clock_monotonic(NULL);
    if (!progress->live || progress->quiet) return;
    if (!must && (now - progress->opened_us < QUIET_FIRST_US || now - progress->drawn_us < REDRAW_US)) return;
    ioctl(STDERR_FILENO, TIOCGWINSZ, &window);
    int width = window.ws_col > 1 ? window.ws_col - 1 : 79;
    fprintf(stderr, "\r\033[K%.*s", width, line);
    progress->drawn = true;
    progress->drawn_us = now;
}

void mt_progress_step(void *arg, const char *what, uint64_t done, uint64_t total, const char *unit)
{
    mt_progress *progress = arg;
    char line[LINE_MAX_BYTES];
    if (total) {
        snprintf(line, sizeof line, "%s  %3.0f %%  (%" PRIu64 " of %" PRIu64 " %s)", what,
                 100.0 * (double)done / (double)total, done, total, unit);
    } else {
        snprintf(line, sizeof line, "%s  %" PRIu64 " %s", what, done, unit);
    }
    pthread_mutex_lock(&progress->lock);
    draw(progress, line, false);
    pthread_mutex_unlock(&progress->lock);
}

/* A line of names and values for each request: in a log, but not before somebody who watches the progress. */
static bool is_for_machines(const char *text)
{
    return strncmp(text, "fetch provider=", 15) == 0;
}

void mt_progress_log(void *arg, mt_log_level level, const char *text)
{
    mt_progress *progress = arg;
    if (level < MT_LOG_INFO || (progress->quiet && level < MT_LOG_WARN)) return;
    if (progress->live && level == MT_LOG_INFO && is_for_machines(text)) return;
    pthread_mutex_lock(&progress->lock);
    erase(progress);
    fprintf(stderr, "%s%s\n",
            level == MT_LOG_WARN    ? "warning: "
            : level == MT_LOG_ERROR ? "error: "
                                    : "",
            text);
    pthread_mutex_unlock(&progress->lock);
}

/* "[6/10] clear, impact". */
static void describe_run(const mt_run_report *report, char *line, size_t size)
{
    size_t over = report->n - report->count[MT_TASK_WAITING] - report->count[MT_TASK_RUNNING], used;
    used = (size_t)snprintf(line, size, "[%zu/%zu]", over, report->n);
    for (size_t k = 0, shown = 0; k < report->n && used < size; k++) {
        if (report->task[k].status != MT_TASK_RUNNING) continue;
        used += (size_t)snprintf(line + used, size - used, "%s %s", shown++ ? "," : "",
                                 report->task[k].task->name);
    }
}

static void log_task(const mt_task_report *task)
{
    fprintf(stderr, "%-9s %s", mt_task_status_word(task->status), task->task->name);
    if (task->started_us >= 0) fprintf(stderr, " (%.0f ms)", (double)task->wall_us / 1000);
    fprintf(stderr, "%s%s\n", task->text ? ": " : "", task->text ? task->text : "");
}

void mt_progress_tasks(void *arg, const mt_run_report *report, size_t changed)
{
    mt_progress *progress = arg;
    const mt_task_report *task = &report->task[changed];
    char line[LINE_MAX_BYTES];
    if (progress->quiet) return;
    pthread_mutex_lock(&progress->lock);
    if (progress->live) {
        describe_run(report, line, sizeof line);
        draw(progress, line, true);
    } else if (task->status != MT_TASK_RUNNING) {
        log_task(task);
    }
    pthread_mutex_unlock(&progress->lock);
}
