/* The portfolio's folder: master data, and the order of everything else. */
#include "ops/simulate/portfolio_job.h"

#include "io/folder.h"
#include "ops/simulate/bulk_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define FILE_FOLDER(symbol, folder, content)  folder,
#define FILE_CONTENT(symbol, folder, content) content,
static const char *const file_folder[] = {MT_PORTFOLIO_FILE_LIST(FILE_FOLDER)};
static const char *const file_content[] = {MT_PORTFOLIO_FILE_LIST(FILE_CONTENT)};

/* Trades may be as many as one likes, so they stream; the files of plants are many and small. */
static bool is_bulk(mt_portfolio_file kind)
{
    return (kind >= MT_PF_LIVE && kind <= MT_PF_FLAGS) || kind >= MT_PF_SCHEDULE;
}

static mt_code write_file(mt_portfolio_job *job, const char *path, bool bulk, mt_portfolio_writer *write,
                          const void *what)
{
    mt_out *out = NULL;
    mt_code code;
    MT_TRY(bulk ? mt_out_memory(job->cx, &out) : mt_out_file(job->cx, &out, path));
    MT_TRY_OUT(write(job, out, what));
    MT_TRY_OUT(bulk ? mt_bulk_file_write(job->cx, path, mt_out_bytes(out)) : mt_out_finish(job->cx, out));
out:
    mt_out_close(out);
    return code;
}

mt_code mt_portfolio_write(mt_portfolio_job *job, mt_portfolio_file kind, const char *name,
                           mt_portfolio_writer *write, const void *what)
{
    const char *path;
    if (!job->files[kind]++) {
        MT_TRY(mt_text_format(job->cx, &path, "%s/%s", job->folder, file_folder[kind]));
        MT_TRY(mt_folder_make(job->cx, path));
    }
    MT_TRY(mt_text_format(job->cx, &path, "%s/%s/%s", job->folder, file_folder[kind], name));
    return write_file(job, path, is_bulk(kind), write, what);
}

mt_code mt_portfolio_trapped(mt_portfolio_job *job, mt_sim_trap trap, const char *place)
{
    mt_simulated_file *line;
    MT_TRY(mt_ctx_grow(job->cx, &job->trap, job->n_trap, &job->room, sizeof *job->trap));
    line = &job->trap[job->n_trap++];
    *line = (mt_simulated_file){.zone = "DE", .path = job->folder, .rows = INT64_MIN};
    return mt_text_format(job->cx, &line->content, "trap %s: %s; %s", mt_sim_trap_name(trap),
                          mt_sim_trap_meaning(trap), place);
}

static mt_code put_dialect(mt_ctx *cx, mt_out *out, mt_text text)
{
    MT_TRY(mt_out_write(cx, out, "\xEF\xBB\xBF", 3));
    while (text.length) {
        const char *end = memchr(text.at, '\n', text.length);
        size_t n = end ? (size_t)(end - text.at) : text.length;
        MT_TRY(mt_out_write(cx, out, text.at, n));
        if (end) MT_TRY(mt_out_write(cx, out, "\r\n", 2));
        n += end != NULL;
        text = (mt_text){text.at + n, text.length - n};
    }
    return MT_OK;
}

mt_code mt_portfolio_dialect(mt_portfolio_job *job, mt_out *out, mt_portfolio_writer *write, const void *what)
{
    mt_out *plain = NULL;
    mt_code code;
    MT_TRY(mt_out_memory(job->cx, &plain));
    MT_TRY_OUT(write(job, plain, what));
    MT_TRY_OUT(put_dialect(job->cx, out, mt_out_bytes(plain)));
out:
    mt_out_close(plain);
    return code;
}

/* A clock of that day between two moments, in seconds. */
static int draw_second(mt_portfolio_job *job, int number, mt_day day, int from, int until)
{
    mt_rng rng = mt_sim_vpp_stream(job->rule, MT_SIM_VPP_CLOCK, (uint64_t)number, day);
    return from + (int)mt_rng_below(&rng, (uint64_t)(until - from));
}

/* Contracts that are none: a price model nobody knows, a day that is not in the calendar, too few fields. */
static const char bad_contracts[] =
    "CON7_SOL-DE-9936,SOL-DE-9936,MP-SOL-9936,1.45,solar,2023-01-01,,cheap,80.0,none,,,owner@example.org,,,,,"
    "reduction,OWN-9900,transitional,,no,forecast,,standard\n"
    "CON8_SOL-DE-9936,SOL-DE-9936,MP-SOL-9936,1.45,solar,2023-02-30,,fixed,80.0,none,,,owner@example.org,,,,,"
    "reduction,OWN-9900,transitional,,no,forecast,,standard\n"
    "CON9_SOL-DE-9936,SOL-DE-9936\n";

static mt_code write_contracts(mt_portfolio_job *job, mt_out *out, const void *what)
{
    mt_contract *contract;
    size_t n;
    bool more = false;
    MT_TRY(mt_sim_contracts(job->cx, &contract, &n, &job->portfolio, *(const mt_day *)what));
    for (size_t k = 0; k < job->portfolio.n; k++) more = more || job->portfolio.asset[k].trapped;
    job->rows[MT_PF_CONTRACTS] += (int64_t)n;
    MT_TRY(mt_vpp_write_contracts(job->cx, out, contract, n, more));
    return mt_sim_trapped(job->rule, MT_TRAP_BAD_ROWS) ? mt_out_text(job->cx, out, bad_contracts) : MT_OK;
}

static mt_code write_contracts_dialect(mt_portfolio_job *job, mt_out *out, const void *what)
{
    return mt_portfolio_dialect(job, out, write_contracts, what);
}

/* Three Sundays up to the first day, and those of the simulated days. */
static mt_code write_all_contracts(mt_portfolio_job *job)
{
    mt_day sunday = mt_sim_last_sunday(job->rule),
           until = job->rule->market.first_day + (mt_day)job->rule->market.days;
    for (mt_day day = sunday - 14; day < until; day += 7) {
        mt_date date = mt_day_date(day);
        int second = draw_second(job, 0, day, 16200, 18000);
        char name[64];
        bool dialect = mt_sim_trapped(job->rule, MT_TRAP_DIALECT) && day == sunday;
        mt_portfolio_writer *write = dialect ? write_contracts_dialect : write_contracts;
        snprintf(name, sizeof name, "asset_contracts_%04d%02d%02d_%02d%02d%02d.csv", date.year, date.month,
                 date.day, second / 3600, second / 60 % 60, second % 60);
        MT_TRY(mt_portfolio_write(job, MT_PF_CONTRACTS, name, write, &day));
    }
    return MT_OK;
}

static mt_code write_parties(mt_portfolio_job *job, mt_out *out, const void *what)
{
    mt_party *party;
    size_t n;
    (void)what;
    MT_TRY(mt_sim_parties(job->cx, &party, &n, &job->portfolio));
    job->rows[MT_PF_PARTIES] += (int64_t)n;
    return mt_vpp_write_parties(job->cx, out, party, n);
}

static mt_code write_sheets(mt_portfolio_job *job, mt_out *out, const void *what)
{
    mt_day day = *(const mt_day *)what,
           last = job->rule->market.first_day + (mt_day)job->rule->market.days - 1;
    mt_plant *plant;
    size_t n;
    MT_TRY(mt_sim_sheets(job->cx, &plant, &n, &job->portfolio, day));
    job->rows[MT_PF_SHEETS] += (int64_t)n;
    return mt_vpp_write_sheets(job->cx, out, plant, n, day < last);
}

/* Two weeks back, one week back, and each simulated day. */
static mt_code write_all_sheets(mt_portfolio_job *job)
{
    mt_day first = job->rule->market.first_day, sunday = mt_sim_last_sunday(job->rule);
    for (mt_day day = sunday - 14; day < first + (mt_day)job->rule->market.days;
         day = day < first - 7 ? day + 7
               : day < first   ? first
                               : day + 1) {
        mt_mark mark = mt_arena_mark(&job->cx->arena);
        mt_date date = mt_day_date(day);
        int second = draw_second(job, 1, day, 45000, 46800);
        char name[64];
        snprintf(name, sizeof name, "technical_data_%04d-%02d-%02dT%02d:%02d:%02dZ.json", date.year,
                 date.month, date.day, second / 3600, second / 60 % 60, second % 60);
        MT_TRY(mt_portfolio_write(job, MT_PF_SHEETS, name, write_sheets, &day));
        mt_arena_reset(&job->cx->arena, mark);
    }
    return MT_OK;
}

/* One line a kind that has files, then one a trap. */
static mt_code list_files(mt_portfolio_job *job, mt_simulated_file **out, size_t *n)
{
    mt_simulated_file *line;
    size_t count = 0;
    MT_TRY(MT_NEW(job->cx, &line, MT_PF_COUNT + job->n_trap));
    for (size_t k = 0; k < MT_PF_COUNT; k++) {
        if (!job->files[k]) continue;
        line[count] = (mt_simulated_file){.zone = "DE", .rows = job->rows[k]};
        MT_TRY(mt_text_format(job->cx, &line[count].path, "%s/%s", job->folder, file_folder[k]));
        MT_TRY(mt_text_format(job->cx, &line[count++].content, "%" PRId64 " file%s: %s", job->files[k],
                              job->files[k] == 1 ? "" : "s", file_content[k]));
    }
    for (size_t k = 0; k < job->n_trap; k++) line[count++] = job->trap[k];
    *out = line;
    *n = count;
    return MT_OK;
}

mt_code mt_simulate_portfolio(mt_ctx *cx, mt_simulated_file **out, size_t *n, const mt_sim_vpp_rule *rule,
                              const char *folder)
{
    mt_portfolio_job *job;
    MT_TRY(mt_sim_vpp_rule_check(cx, rule));
    MT_TRY(MT_NEW(cx, &job, 1));
    job->cx = cx;
    job->rule = rule;
    job->folder = folder;
    MT_TRY(mt_sim_portfolio_new(cx, &job->portfolio, rule));
    MT_TRY(mt_sim_air_new(cx, &job->air, rule));
    MT_TRY(mt_sim_prices_new(cx, &job->prices, rule));
    MT_TRY(write_all_contracts(job));
    MT_TRY(mt_portfolio_write(job, MT_PF_PARTIES, "parties.json", write_parties, NULL));
    MT_TRY(write_all_sheets(job));
    MT_TRY(mt_portfolio_assets(job));
    MT_TRY(mt_portfolio_market(job));
    if (rule->traps) MT_TRY(mt_portfolio_traps(job));
    return list_files(job, out, n);
}
