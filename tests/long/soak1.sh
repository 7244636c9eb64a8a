#!/bin/bash
# soak1.sh - 100,000 forks, 10^6 exchanges, 10,000 threads, 1,000 processes at once; one CPU.
# SPDX-License-Identifier: BSD-2-Clause
exec "$(dirname "$0")/../posix/soak.sh" 1
