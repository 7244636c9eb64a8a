# subdir.mk - fuzz targets: one program for each parser and range function, tests/fuzz/fuzz_NAME.c.
# SPDX-License-Identifier: BSD-2-Clause
#
# What a target tests it includes, or it is named here in FUZZ_NAME.  parsers.txt lists both.

FUZZ_DIR   := $(OUT)/tests/fuzz
FUZZ_INC   := -Itests/fuzz -Itests/unit $(INCLIB) -Iexokernel -Iexokernel/libexo/include -Isteward \
              -Ibuild/tools -Ilibos-posix
FUZZ_FLAGS := $(WARN) $(FUZZ_INC) -Wno-missing-prototypes -Wno-shadow -Wno-format-security -Wno-format-nonliteral -O1 -g \
              -fno-omit-frame-pointer -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all

FUZZ_archive     := $(addprefix exokernel/lib/,archive.c crc32c.c)
FUZZ_settings    := $(addprefix exokernel/,lib/archive.c lib/crc32c.c lib/settings.c libexo/settings.c)
FUZZ_description := $(addprefix build/tools/,shares.c description.c settle.c) exokernel/lib/settings.c
FUZZ_list        := tests/fuzz/fuzz_list_other.c steward/list.c exokernel/lib/settings.c
FUZZ_fmt         := $(addprefix exokernel/lib/,fmt.c fmt_string.c)

FUZZ_memory_map := $(addprefix exokernel/lib/,fmt.c fmt_string.c)
FUZZ_USES_memory_map := exokernel/boot/machine.c
FUZZ_acpi :=
FUZZ_USES_acpi := exokernel/boot/acpi.c

FUZZ_devices :=
FUZZ_USES_devices := exokernel/boot/devices.c exokernel/boot/pci.c

FUZZ_program := $(addprefix build/tools/,program.c shared.c elf_file.c) $(addprefix exokernel/lib/,archive.c crc32c.c)

FUZZ_image := $(addprefix build/tools/,extract.c iso9660.c elf_file.c inspect.c inspect_images.c images.c \
	pack.c program.c shared.c root.c ram.c shares.c description.c settle.c) \
	$(addprefix exokernel/lib/,archive.c crc32c.c settings.c)
FUZZ_MORE_image := -D_GNU_SOURCE -Dexit=tool_exit

FUZZ_root := libos-posix/fs/root.c

# What is libos-posix's: what the host's headers lack, newlib's have.
PX_FUZZ := -D_GNU_SOURCE -idirafter $(OUT)/newlib/include
FUZZ_load := exokernel/lib/fmt.c exokernel/lib/fmt_string.c
FUZZ_USES_load := $(addprefix libos-posix/env/,load_check.c load_map.c load_tables.c load_bind.c)
FUZZ_MORE_load := $(PX_FUZZ)

FUZZERS := $(sort $(foreach v,$(filter FUZZ_%,$(.VARIABLES)),\
	$(if $(wildcard tests/fuzz/fuzz_$(v:FUZZ_%=%).c),$(v:FUZZ_%=%))))

STEWARD_FUZZ := -Ilibos-minimal/include -include tests/fuzz/fuzz_stubs.h
FUZZ_console := $(addprefix steward/,console.c screen.c lines.c) exokernel/lib/fmt.c exokernel/lib/fmt_string.c
FUZZ_MORE_console := $(STEWARD_FUZZ)
FUZZ_input := steward/input.c
FUZZ_MORE_input := $(STEWARD_FUZZ)
FUZZ_book := steward/book.c
FUZZERS += console input book

FUZZ_names :=
FUZZ_content :=
FUZZ_slab :=
$(foreach f,names content slab,$(eval FUZZ_MORE_$(f) := $(PX_FUZZ))$(eval FUZZ_LIBS_$(f) := -lcmocka))
FUZZ_USES_names := $(addprefix libos-posix/fs/,path.c names.c mem_dir.c mem_node.c)
FUZZ_USES_content := libos-posix/fs/mem_file.c
FUZZ_USES_slab := libos-posix/env/alloc.c libos-posix/vm/frames.c
FUZZERS += names content slab

FUZZ_ask := steward/list.c $(addprefix exokernel/lib/,settings.c fmt.c fmt_string.c)
FUZZ_USES_ask := steward/ask.c steward/serve.c
FUZZ_MORE_ask := $(STEWARD_FUZZ)
FUZZERS += ask

FUZZ_ledger := exokernel/libexo/ledger.c exokernel/libexo/reclaim.c
FUZZ_MORE_ledger := $(STEWARD_FUZZ)
FUZZERS += ledger

FUZZ_rings := exokernel/libexo/console.c
FUZZ_MORE_rings := $(STEWARD_FUZZ) -D_GNU_SOURCE
FUZZERS += rings
FUZZ_ring := exokernel/libexo/ring.c
FUZZERS += ring

FUZZ_serial :=
FUZZ_USES_serial := exokernel/core/console.c
FUZZERS += serial

FUZZ_times := $(addprefix libos-posix/time/,zone.c gmtime.c mktime.c calendar.c strftime.c strptime.c)
FUZZ_MORE_times := $(PX_FUZZ) -include tests/fuzz/fuzz_times.h \
	$(foreach f,tzset strftime strptime gmtime_r localtime_r mktime timegm,-D$(f)=px_$(f))
FUZZERS += times

FUZZ_script :=
FUZZ_MORE_script := $(PX_FUZZ) -Wno-pointer-bool-conversion
FUZZ_USES_script := libos-posix/process/exec.c
FUZZERS += script

FUZZ_sockets :=
FUZZ_MORE_sockets := $(PX_FUZZ)
FUZZ_USES_sockets := $(addprefix libos-posix/fd/,address.c option.c)
FUZZERS += sockets

FUZZ_terminal := $(addprefix exokernel/lib/,fmt.c fmt_string.c)
FUZZ_MORE_terminal := $(PX_FUZZ) -Wno-unused-parameter
FUZZ_USES_terminal := $(addprefix libos-posix/fd/,ioctl.c pty.c terminal.c tty.c)
FUZZERS += terminal

FUZZ_proc := $(addprefix exokernel/lib/,fmt.c fmt_string.c)
FUZZ_MORE_proc := $(PX_FUZZ)
FUZZ_USES_proc := libos-posix/fs/proc_text.c
FUZZERS += proc

FUZZ_prompt :=
FUZZ_MORE_prompt := $(STEWARD_FUZZ)
FUZZ_USES_prompt := steward/prompt.c
FUZZERS += prompt

FUZZ_virtio := $(addprefix exokernel/lib/,fmt.c fmt_string.c)
FUZZ_USES_virtio := exokernel/boot/virtio_rng.c
FUZZERS += virtio

FUZZ_tree :=
FUZZ_USES_tree := libos-posix/vm/tree.c
FUZZERS += tree

FUZZ_ancillary :=
FUZZ_MORE_ancillary := $(PX_FUZZ)
FUZZ_USES_ancillary := libos-posix/fd/ancillary.c
FUZZERS += ancillary

# How often a target runs in `make test`; the slow ones less often.
FUZZ_RUNS       := 20000
FUZZ_RUNS_image := 3000
FUZZ_RUNS_load  := 4000
FUZZ_RUNS_calls := 1500
FUZZ_RUNS_console := 1500
FUZZ_RUNS_names := 500
FUZZ_RUNS_content := 100
FUZZ_RUNS_slab := 60
FUZZ_RUNS_proc := 6000
FUZZ_RUNS_prompt := 6000
FUZZ_RUNS_sockets := 15000
FUZZ_RUNS_terminal := 2500
FUZZ_RUNS_virtio := 10000
FUZZ_RUNS_tree := 2000
FUZZ_RUNS_script := 8000
FUZZ_RUNS_times := 12000
FUZZ_RUNS_serial := 4000
FUZZ_RUNS_rings := 8000
FUZZ_RUNS_settings := 2000

fuzz_cc = clang $(FUZZ_FLAGS) $(FUZZ_MORE_$(1)) tests/fuzz/fuzz_$(1).c $(FUZZ_$(1)) $(FUZZ_LIBS_$(1))
define fuzz_rule
FUZZ_BIN += $(FUZZ_DIR)/$(1)
$(FUZZ_DIR)/$(1): tests/fuzz/fuzz_$(1).c $(FUZZ_$(1)) $(FUZZ_USES_$(1)) tests/fuzz/subdir.mk \
	$$(wildcard tests/fuzz/*.h tests/unit/*.h)
	@mkdir -p $$(@D)
	@echo '  FUZZ  $(1)'
	$$(Q)$(call fuzz_cc,$(1)) -o $$@
endef
$(foreach f,$(FUZZERS),$(eval $(call fuzz_rule,$(f))))

# `calls` is the worlds and the model of tests/prove.
FUZZERS += calls
FUZZ_BIN += $(FUZZ_DIR)/calls
fuzz_cc_calls = clang $(PROVE_FLAGS) $(PROVE_SAN) -fsanitize=fuzzer -Itests/prove -Wno-unused-function \
	tests/fuzz/fuzz_calls.c $(PROVE_FUZZ_OBJ) $(PROVE_LINK)

FUZZ_SECONDS ?= 10
fuzz: fuzz-build ## random inputs for every parser, FUZZ_SECONDS each, checked against oracles (docs/proofs.md)
	@FUZZ_SECONDS=$(FUZZ_SECONDS) tests/fuzz/run.sh
fuzz-mutants: fuzz-build ## mistakes put into the parsers: each must be found there
	@tests/fuzz/mutants.sh
fuzz-build: $(FUZZ_BIN) $(FUZZ_DIR)/calls
# for the scripts: every target and its runs; how one is compiled
fuzz-list:
	@echo '$(foreach f,$(FUZZERS),$(f):$(or $(FUZZ_RUNS_$(f)),$(FUZZ_RUNS)))'
fuzz-cc:
	@echo '$(if $(filter calls,$(NAME)),$(fuzz_cc_calls),$(call fuzz_cc,$(NAME)))'
.PHONY: fuzz fuzz-mutants fuzz-build fuzz-list fuzz-cc


# Unit tests of what is tried here too.
unit_of = $(foreach cc,gcc clang,$(UNIT_DIR)/$(cc)/tests/unit/test_$(1).o)
$(call unit_of,boot): UNIT_MORE := -Iexokernel -Itests/fuzz -Wno-missing-prototypes -Wno-shadow
$(call unit_of,load): UNIT_MORE := $(PX_FUZZ) -Ilibos-posix -Itests/fuzz -Wno-missing-prototypes -Wno-shadow
$(FUZZ_DIR)/load $(call unit_of,load): | $(NEWLIB)
