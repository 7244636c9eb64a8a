# subdir.mk - the SQLite shell and its speedtest1, unmodified, from Debian's source package.
# SPDX-License-Identifier: BSD-2-Clause

SQLITE_OUT   := $(OUT)/apps/sqlite
SQLITE_SRC   := $(SQLITE_OUT)/source
SQLITE_MADE  := $(SQLITE_OUT)/made
SQLITE_FILES := sqlite3 shell speedtest1
SQLITE_ROOT  := $(shell find apps/sqlite/root -type f)

# What Debian's package switches on, without threads, loadable extensions and pipes to commands.
SQLITE_FLAGS := -O2 -fno-strict-aliasing -DNDEBUG -DSQLITE_THREADSAFE=0 -DSQLITE_OMIT_LOAD_EXTENSION \
                -DSQLITE_OMIT_POPEN -DSQLITE_NOHAVE_SYSTEM \
                $(addprefix -DSQLITE_ENABLE_,COLUMN_METADATA DBPAGE_VTAB DBSTAT_VTAB \
                EXPLAIN_COMMENTS FTS3 FTS3_PARENTHESIS FTS4 FTS5 MATH_FUNCTIONS OFFSET_SQL_FUNC \
                PREUPDATE_HOOK RTREE SESSION STMTVTAB UNKNOWN_SQL_FUNCTION) \
                $(addprefix -DSQLITE_,LIKE_DOESNT_MATCH_BLOBS OMIT_LOOKASIDE SECURE_DELETE SOUNDEX \
                USE_URI MAX_VARIABLE_NUMBER=250000) \
                -D_GNU_SOURCE -DHAVE_MREMAP -DSQLITE_MAX_MMAP_SIZE=0x7fff0000 -DHAVE_FDATASYNC -DHAVE_GMTIME_R -DHAVE_LOCALTIME_R -DHAVE_USLEEP

$(SQLITE_OUT)/source.done: $(OUT)/apps/sqlite.source
	@rm -rf $(SQLITE_SRC) && mkdir -p $(SQLITE_SRC)
	@echo '  TAR   sqlite'
	$(Q)tar -xf "$$(build/source.sh sqlite)" -C $(SQLITE_SRC) --strip-components=1
	@touch $@

# The package's own makefile makes the two files of which SQLite consists; it wants to run in a
# folder of its own.
$(SQLITE_MADE)/done: $(SQLITE_OUT)/source.done
	@rm -rf $(@D) && mkdir -p $(@D)
	@echo '  GEN   sqlite/{sqlite3,shell}.c'
	$(Q)$(MAKE) -s -j1 -C $(@D) -f ../source/main.mk TOP=../source BCC='$(HOSTCC) -O1' TCCX=$(HOSTCC) \
		sqlite3.c shell.c > $(@D)/log 2>&1 || { tail -n 20 $(@D)/log; exit 1; }
	$(Q)cp $(SQLITE_SRC)/test/speedtest1.c $(@D)
	@touch $@

$(SQLITE_OUT)/target/%.o: $(SQLITE_MADE)/done apps/sqlite/subdir.mk $(EXO_CC_FLAGS) | $(NEWLIB)
	@mkdir -p $(@D)
	@echo '  CC    sqlite/$*.c'
	$(Q)build/exo-cc $(SQLITE_FLAGS) -MD -MP -c -o $@ $(SQLITE_MADE)/$*.c
$(SQLITE_OUT)/host/%.o: $(SQLITE_MADE)/done apps/sqlite/subdir.mk
	@mkdir -p $(@D)
	@echo '  CC    sqlite/$*.c (host)'
	$(Q)$(HOSTCC) $(SQLITE_FLAGS) -c -o $@ $(SQLITE_MADE)/$*.c

SQLITE_PROGRAMS := $(addprefix $(SQLITE_OUT)/,sqlite3 speedtest1)
$(SQLITE_OUT)/sqlite3 $(SQLITE_OUT)/sqlite3-host: SQLITE_MAIN := shell
$(SQLITE_OUT)/speedtest1 $(SQLITE_OUT)/speedtest1-host: SQLITE_MAIN := speedtest1
$(SQLITE_PROGRAMS): $(SQLITE_FILES:%=$(SQLITE_OUT)/target/%.o) | libos-posix
	@echo '  LD    $@'
	$(Q)build/exo-cc -o $@ $(SQLITE_OUT)/target/$(SQLITE_MAIN).o $(SQLITE_OUT)/target/sqlite3.o -lm
$(SQLITE_PROGRAMS:%=%-host): $(SQLITE_FILES:%=$(SQLITE_OUT)/host/%.o)
	@echo '  LD    $@'
	$(Q)$(HOSTCC) -o $@ $(SQLITE_OUT)/host/$(SQLITE_MAIN).o $(SQLITE_OUT)/host/sqlite3.o -lm
$(SQLITE_OUT)/sqlite.iso: $(SQLITE_OUT)/sqlite3 $(SQLITE_ROOT) | exo-posix
	@echo '  IMAGE $@'
	$(Q)EXO_MADE=1 ./exo-build.sh $< --rootfs apps/sqlite/root --arg -interactive --arg -init --arg demo.sql \
		--arg /tmp/demo.db -o $@

-include $(SQLITE_FILES:%=$(SQLITE_OUT)/target/%.d)

sqlite: $(SQLITE_PROGRAMS) ## the SQLite shell from Debian's source, for libos-posix
sqlite-host: $(SQLITE_PROGRAMS:%=%-host)
sqlite-iso: $(SQLITE_OUT)/sqlite.iso
run-sqlite: setup sqlite-iso ## the SQLite shell on the console
	@./exo-build.sh run $(SQLITE_OUT)/sqlite.iso
.PHONY: sqlite sqlite-host sqlite-iso run-sqlite
