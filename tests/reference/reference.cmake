# Settlements beside those of a script in another language, computed from the rules: every number of three days,
# without and with all traps. Skipped where python3 is missing.
if(TARGET merit)
  mt_ctest(reference_settlement sh -c
           "command -v python3 >/dev/null || exit 77 && exec tests/reference/settlement_check $<TARGET_FILE:merit>")
  set_tests_properties(reference_settlement PROPERTIES LABELS reference TIMEOUT 300)
endif()
