# Exports checkpoints with every way a block may be built, and checks them: MATCHER, CHECK, CHECKPOINTS, WORK.
file(MAKE_DIRECTORY "${WORK}")
foreach(name dinov2-same dinov2-no-bias registers clip-gelu clip-quick-gelu)
  set(file "${WORK}/${name}.pt")
  execute_process(COMMAND "${MATCHER}" --workdir "${WORK}" --quiet export ${name} --checkpoint "${CHECKPOINTS}/${name}"
    --output "${file}" COMMAND_ERROR_IS_FATAL ANY OUTPUT_QUIET)
  list(APPEND files "${file}")
endforeach()
execute_process(COMMAND "${CHECK}" ${files} COMMAND_ERROR_IS_FATAL ANY)
