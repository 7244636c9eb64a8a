# exo.cmake - toolchain file: cmake -DCMAKE_TOOLCHAIN_FILE=$(exo-build.sh --print cmake-toolchain)
# SPDX-License-Identifier: BSD-2-Clause

get_filename_component(EXO_TOP "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)
if(DEFINED ENV{EXO_OUT})
	set(EXO_OUT "$ENV{EXO_OUT}")
else()
	set(EXO_OUT "${EXO_TOP}/build/out")
endif()

set(CMAKE_SYSTEM_NAME Exo)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
list(APPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}")

set(CMAKE_C_COMPILER "${EXO_OUT}/bin/exo-cc")
set(CMAKE_ASM_COMPILER "${EXO_OUT}/bin/exo-cc")
set(CMAKE_AR "${EXO_OUT}/bin/exo-ar" CACHE FILEPATH "")
set(CMAKE_RANLIB "${EXO_OUT}/bin/exo-ranlib" CACHE FILEPATH "")
set(CMAKE_NM "${EXO_OUT}/bin/exo-nm" CACHE FILEPATH "")
set(CMAKE_STRIP "${EXO_OUT}/bin/exo-strip" CACHE FILEPATH "")
set(CMAKE_OBJCOPY "${EXO_OUT}/bin/exo-objcopy" CACHE FILEPATH "")
set(PKG_CONFIG_EXECUTABLE "${EXO_OUT}/bin/exo-pkg-config" CACHE FILEPATH "")

# Programs that run while building are the host's; what is linked, never.
list(APPEND CMAKE_FIND_ROOT_PATH "${EXO_OUT}/sysroot" "${EXO_OUT}/newlib" "${EXO_TOP}/libos-posix"
	"${EXO_TOP}/build/newlib")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
