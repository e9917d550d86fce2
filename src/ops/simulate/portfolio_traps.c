/* Files that traps add beside the good ones. */
#include "ops/simulate/portfolio_job.h"

mt_code mt_portfolio_traps(mt_portfolio_job *job)
{
    for (int k = 0; k < MT_SIM_TRAPS; k++) {
        if (mt_sim_trapped(job->rule, (mt_sim_trap)k))
            MT_TRY(mt_portfolio_trapped(job, (mt_sim_trap)k, "", 0));
    }
    return MT_OK;
}
