# SPDX-License-Identifier: GPL-3.0-or-later
# cmake -DPROGRAM=… -DREADELF=… -P no_qt.cmake: the program needs no library whose name has Qt6.
execute_process(COMMAND "${READELF}" -d "${PROGRAM}" OUTPUT_VARIABLE needed RESULT_VARIABLE status)
if(NOT status EQUAL 0 OR NOT needed MATCHES "NEEDED")
    message(FATAL_ERROR "${PROGRAM} could not be read")
endif()
if(needed MATCHES "libQt6|qcustomplot")
    message(FATAL_ERROR "${PROGRAM} links Qt:\n${needed}")
endif()
