#!/bin/bash
# starve.sh - calls with only so many pages left, on 1, 2 and 4 CPUs.
# SPDX-License-Identifier: BSD-2-Clause
exec "$(dirname "$0")/../posix/starve.sh" 1 2 4
