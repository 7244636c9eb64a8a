# subdir.mk - Duktape and its command line, unmodified, from Debian's source package.
# SPDX-License-Identifier: BSD-2-Clause

DUKTAPE_OUT   := $(OUT)/apps/duktape
DUKTAPE_SRC   := $(DUKTAPE_OUT)/source
DUKTAPE_FLAGS := -O2 -w -std=gnu99 -fstrict-aliasing -DDUK_CMDLINE_PRINTALERT_SUPPORT -DDUK_CMDLINE_CONSOLE_SUPPORT \
                 -DDUK_CMDLINE_LOGGING_SUPPORT -DDUK_CMDLINE_MODULE_SUPPORT \
                 $(addprefix -I$(DUKTAPE_SRC)/,src examples/cmdline extras/print-alert extras/console \
                 extras/logging extras/module-duktape)
DUKTAPE_FILES := $(addprefix $(DUKTAPE_SRC)/,src/duktape.c examples/cmdline/duk_cmdline.c \
                 extras/print-alert/duk_print_alert.c extras/console/duk_console.c extras/logging/duk_logging.c \
                 extras/module-duktape/duk_module_duktape.c)

$(DUKTAPE_OUT)/source.done: $(OUT)/apps/duktape.source
	@rm -rf $(DUKTAPE_OUT) && mkdir -p $(DUKTAPE_SRC)
	@echo '  TAR   duktape'
	$(Q)tar -xf "$$(build/source.sh duktape)" -C $(DUKTAPE_SRC) --strip-components=1
	@touch $@

$(DUKTAPE_OUT)/duk: $(DUKTAPE_OUT)/source.done apps/duktape/subdir.mk $(EXO_CC_FLAGS) | $(NEWLIB) libos-posix
	@echo '  CC    duktape'
	$(Q)build/exo-cc $(DUKTAPE_FLAGS) -o $@ $(DUKTAPE_FILES) -lm
$(DUKTAPE_OUT)/duk-host: $(DUKTAPE_OUT)/source.done apps/duktape/subdir.mk
	@echo '  CC    duktape (host)'
	$(Q)$(HOSTCC) $(DUKTAPE_FLAGS) -o $@ $(DUKTAPE_FILES) -lm

duktape: $(DUKTAPE_OUT)/duk ## the JavaScript engine Duktape, for libos-posix (for make test-long)
duktape-host: $(DUKTAPE_OUT)/duk-host
.PHONY: duktape duktape-host
