# SPDX-License-Identifier: BSD-2-Clause
# pam_jwt: a PAM module that takes a JWT as the credential.
#
#   make            the module and the command, in build/
#   make check      all tests          make check-asan   the same, with ASan and UBSan
#   make check TEST=NAME               one test: see tests/README.md
#   make lint       static analysis    make demo         see it work
#   make client     the command, its askpass and its fetcher, without the module, for any system with POSIX.1-2008
#   make issuer     pam-jwt-issuer alone
#   make install    DESTDIR, prefix, pamdir, sysconfdir as usual; see README for a prefix that is not /usr

# ---- settings --------------------------------------------------------------
prefix     ?= /usr
sbindir    ?= $(prefix)/sbin
bindir     ?= $(prefix)/bin
mandir     ?= $(prefix)/share/man
docdir     ?= $(prefix)/share/doc/pam-jwt
sysconfdir ?= /etc
libexecdir ?= $(prefix)/libexec/pam-jwt
pamdir     ?= $(prefix)/lib/$(or $(DEB_HOST_MULTIARCH),$(shell $(CC) -print-multiarch))/security
pamconfigsdir  ?= $(prefix)/share/pam-configs
unitdir        ?= $(prefix)/lib/systemd/system
sysusersdir    ?= $(prefix)/lib/sysusers.d
tmpfilesdir    ?= $(prefix)/lib/tmpfiles.d
presetdir      ?= $(prefix)/lib/systemd/system-preset
pkgdatadir     ?= $(prefix)/share/pam_jwt
completionsdir ?= $(prefix)/share/bash-completion/completions
zshcompletionsdir  ?= $(prefix)/share/zsh/vendor-completions
fishcompletionsdir ?= $(prefix)/share/fish/vendor_completions.d
apparmordir    ?= $(sysconfdir)/apparmor.d/abstractions
fail2bandir    ?= $(sysconfdir)/fail2ban/filter.d
sshdconfdir    ?= $(sysconfdir)/ssh/sshd_config.d
BUILD      ?= build
CC         ?= gcc
CFLAGS     ?= -O2 -g
# For link-time optimization the archiver must read what the compiler writes; with clang: AR=llvm-ar.
ifeq ($(origin AR) $(findstring -flto,$(CFLAGS)),default -flto)
AR         := gcc-ar
endif
V          ?= 0
WERROR     ?=

# ---- flags -----------------------------------------------------------------
# Hardening comes first, so that a packager's flags can override it.
WARN := -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow \
	-Wcast-qual -Wwrite-strings -Wmissing-prototypes -Wstrict-prototypes \
	-Wformat=2 -Wnull-dereference -Wimplicit-fallthrough -Wvla -Wundef \
	-Wframe-larger-than=4096 $(if $(WERROR),-Werror)
HARDEN := -fstack-protector-strong -fstack-clash-protection \
	-fvisibility=hidden -fPIC -ffile-prefix-map=$(CURDIR)=.
ifeq ($(SANITIZE),)
HARDEN += -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
DEFS := -Wl,-z,defs
else
HARDEN += -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
LINK_SAN := -fsanitize=$(SANITIZE) -Wl,-z,nodelete
endif
ifneq ($(filter x86_64% i%86%,$(shell $(CC) -dumpmachine)),)
HARDEN += -fcf-protection=full
endif
# Without glibc, in POSIX.1-2008 and with what src/port stands in for: make client.
PORT ?= $(if $(findstring __GLIBC__,$(shell $(CC) -x c -include limits.h -E -dM /dev/null)),,1)
SYSTEM := $(if $(PORT),-D_XOPEN_SOURCE=700 -DJWT_CLIENT -Isrc/port/include -include src/port/port.h,-D_GNU_SOURCE)
ALL_CFLAGS  = -std=c11 $(SYSTEM) -Isrc -I. -DSYSCONFDIR='"$(sysconfdir)"' -DLIBEXECDIR='"$(libexecdir)"' -DBINDIR='"$(bindir)"' $(HARDEN) $(WARN) $(CPPFLAGS) $(CFLAGS)
ALL_LDFLAGS = -Wl,-z,relro,-z,now,-z,noexecstack $(DEFS) $(LINK_SAN) $(CFLAGS) $(LDFLAGS)
Q := $(if $(filter 0,$(V)),@)

# ---- sources ---------------------------------------------------------------
sources = $(sort $(wildcard src/$(1)/*.c src/$(1)/*/*.c))
CORE   := $(call sources,core)
HOST   := $(call sources,host)
SYNC   := $(call sources,sync)
CLI    := $(call sources,cli)
AGENT  := $(call sources,agent)
LOGIN  := $(call sources,login)
MODULE := pam_jwt.c $(call sources,pam)
TOOL   := $(call sources,tool) $(call sources,issuer)
ASKPASS := $(call sources,askpass)
NET    := $(call sources,net)
ISSUERD := $(call sources,issuerd)
ifneq ($(PORT),)
# What of them needs neither Linux nor the accounts and the state of a host.
in = $(filter $(patsubst %,src/$(1)/%.c,$(2)),$($(3)))
HOST   := $(call in,host,boot clock file% program,HOST)
SYNC   := $(call in,sync,exchange fetcher fetcher_child document metadata,SYNC) src/port/fetcher_rights.c
CLI    += src/port/port.c
TOOL   := $(filter-out $(addprefix src/tool/,check% explain% tests_% issuer.c logout.c pam_% revoke% sessions% setup.c state% sync% \
	verify.c),$(TOOL)) src/port/logout.c
ASKPASS := $(filter-out src/askpass/signals.c,$(ASKPASS)) src/port/signals.c
endif
TESTLIB := $(sort $(wildcard tests/lib/*.c))
ATTACKS := $(sort $(wildcard tests/attacks/*.c))
UNIT   := $(sort $(wildcard tests/unit/test_*.c))
SCRIPTS ?= tests/first_run.sh tests/harness.sh tests/layers.sh tests/exports.sh tests/docs.sh tests/client.sh tests/package/quick.sh tests/package/profile.sh tests/state/run.sh tests/fuzz/replay.sh tests/bench/callgrind.sh \
	$(sort $(wildcard tests/pam/*.sh tests/cli/*.sh tests/e2e/*.sh tests/sync/*.sh tests/login/*.sh tests/issuer/*.sh tests/providers/flows.sh))
obj     = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
UNIT_BIN := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(UNIT))

# Kept: make would remove them at the end, after the line that counts the tests.
.SECONDARY: $(call obj,$(wildcard tests/*.c tests/*/*.c))
# The one program that needs libcurl, and uses libseccomp and libqrencode where they are there. 7.85 is the first that takes protocols by name.
PKG_CONFIG ?= pkg-config
NET_PROGRAM := $(shell $(PKG_CONFIG) --exists 'libcurl >= 7.85.0' && echo $(BUILD)/pam-jwt-net)
SECCOMP    := $(if $(PORT),,$(shell $(PKG_CONFIG) --exists libseccomp && echo -lseccomp))
QRENCODE   := $(shell $(PKG_CONFIG) --exists libqrencode && echo -lqrencode)
# The one program that needs SQLite.
ISSUER_PROGRAM := $(shell $(PKG_CONFIG) --exists sqlite3 && echo $(BUILD)/pam-jwt-issuer)

.PHONY: all client issuer no-net no-issuer programs check check-unit check-asan check-valgrind run-valgrind check-faults check-layers \
	check-exports coverage fuzz fuzz-coverage mutate prove bench bench-peers bench-day bench-baseline lint install uninstall \
	clean demo check-package check-booted check-lemonldap check-login check-family check-keys check-browser always
all: $(BUILD)/pam_jwt.so $(BUILD)/pam-jwt $(BUILD)/pam-jwt-askpass $(or $(NET_PROGRAM),no-net) $(or $(ISSUER_PROGRAM),no-issuer)

issuer: $(BUILD)/pam-jwt-issuer

client: $(BUILD)/pam-jwt $(BUILD)/pam-jwt-askpass $(or $(NET_PROGRAM),no-net)

no-net:
	@echo "  There is no libcurl (7.85 or newer) here: pam-jwt-net is not built, and pam-jwt sync cannot fetch."

no-issuer:
	@echo "  There is no SQLite here: pam-jwt-issuer is not built, and pam-jwt issuer cannot issue."

# ---- rules -----------------------------------------------------------------
# Objects stay, and so the closing line of the tests is the last one: make would name what it removes after it.
.SECONDARY:

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(if $(Q),@echo "  CC    $<")
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/obj/tests/%.o: ALL_CFLAGS += -Itests/lib -Itests

# What make knows only by a variable, in files: written again when it changes.
$(BUILD)/sysconfdir: WORDS = $(sysconfdir) $(libexecdir) $(bindir)
$(BUILD)/archived: WORDS = $(CORE) $(HOST) $(SYNC) $(CLI) $(AGENT) $(LOGIN) $(ISSUERD)
$(BUILD)/sysconfdir $(BUILD)/archived: always
	@mkdir -p $(@D)
	@echo '$(WORDS)' | cmp -s - $@ || echo '$(WORDS)' >$@

# What knows where the configuration, the fetcher or the command is: compiled again for another folder of theirs.
$(call obj,$(shell grep -rlE --include='*.c' 'LOAD_CONFIG_DEFAULT|TESTS_CONF_DEFAULT|LIBEXECDIR|SYSCONFDIR|BINDIR' src)): $(BUILD)/sysconfdir

# Archives, so that each program has only what it calls. They are made whole, or a source that is gone would stay in one.
$(BUILD)/core.a: $(call obj,$(CORE))
$(BUILD)/host.a: $(call obj,$(HOST))
$(BUILD)/sync.a: $(call obj,$(SYNC))
$(BUILD)/cli.a: $(call obj,$(CLI))
$(BUILD)/agent.a: $(call obj,$(AGENT))
$(BUILD)/login.a: $(call obj,$(LOGIN))
$(BUILD)/issuerd.a: $(call obj,$(filter-out src/issuerd/main.c,$(ISSUERD)))
$(BUILD)/%.a: $(BUILD)/archived
	@rm -f $@
	$(if $(Q),@echo "  AR    $@")
	$(Q)$(AR) rcsD $@ $(filter %.o,$^)

ifneq ($(PORT),)
$(BUILD)/pam-jwt $(BUILD)/pam-jwt-askpass $(BUILD)/pam-jwt-net: $(BUILD)/%: $(BUILD)/obj/port/%.o
$(BUILD)/obj/port/%.o: src/port/name.c
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -DJWT_PROGRAM='"$*"' -c -o $@ $<
endif

# An archive comes after what calls it.
link = $(filter %.o,$^) $(foreach name,issuerd login agent cli sync host core,$(filter %/$(name).a,$^))

$(BUILD)/pam_jwt.so: $(call obj,$(MODULE)) $(BUILD)/host.a $(BUILD)/core.a src/pam_jwt.map
	$(if $(Q),@echo "  LINK  $@")
	$(Q)$(CC) -shared -Wl,--version-script=src/pam_jwt.map $(ALL_LDFLAGS) -o $@ $(link) -lpam -lcrypto

$(BUILD)/pam-jwt: $(call obj,$(TOOL)) $(BUILD)/login.a $(BUILD)/agent.a $(BUILD)/cli.a $(BUILD)/sync.a $(BUILD)/host.a $(BUILD)/core.a
	$(if $(Q),@echo "  LINK  $@")
	$(Q)$(CC) -pie $(ALL_LDFLAGS) -o $@ $(link) -lcrypto -ljson-c

# No OpenSSL in what answers for ssh and sudo: tests/exports.sh looks.
$(BUILD)/pam-jwt-askpass: $(call obj,$(ASKPASS)) $(BUILD)/cli.a $(BUILD)/core.a
	$(if $(Q),@echo "  LINK  $@")
	$(Q)$(CC) -pie $(ALL_LDFLAGS) -o $@ $(link)

$(call obj,$(NET)): CPPFLAGS += $(if $(SECCOMP),-DHAVE_SECCOMP) $(if $(QRENCODE),-DHAVE_QRENCODE)
$(BUILD)/pam-jwt-net: $(call obj,$(NET)) $(BUILD)/cli.a $(BUILD)/sync.a $(BUILD)/core.a
	$(if $(Q),@echo "  LINK  $@")
	$(Q)$(CC) -pie $(ALL_LDFLAGS) -o $@ $(link) -lcurl $(SECCOMP) $(QRENCODE)

# Our own issuer, for a site without an identity provider.
$(BUILD)/pam-jwt-issuer: $(call obj,src/issuerd/main.c $(call sources,issuer)) $(BUILD)/issuerd.a $(BUILD)/agent.a $(BUILD)/cli.a $(BUILD)/host.a $(BUILD)/core.a
	$(if $(Q),@echo "  LINK  $@")
	$(Q)$(CC) -pie $(ALL_LDFLAGS) -o $@ $(link) -lcrypto -lsqlite3

# Tests: one program for each file of tests/unit, with the helpers of tests/lib.
$(BUILD)/tests/test_%: $(call obj,tests/unit/test_%.c $(TESTLIB) src/issuer/keypair.c) $(BUILD)/login.a $(BUILD)/agent.a $(BUILD)/cli.a $(BUILD)/sync.a $(BUILD)/host.a $(BUILD)/core.a
	@mkdir -p $(@D)
	$(if $(Q),@echo "  LINK  $@")
	$(Q)$(CC) $(ALL_LDFLAGS) -rdynamic -o $@ $(link) -lcmocka -lcrypto -ljson-c -lpam $(TEST_LIBS)

$(BUILD)/tests/test_confine: $(call obj,src/net/confine.c src/net/confine_files.c)
$(BUILD)/tests/test_confine: TEST_LIBS = $(SECCOMP)
$(BUILD)/tests/test_attacks: $(call obj,$(ATTACKS))
$(BUILD)/tests/test_check_stack: $(call obj,src/tool/check_stack.c $(wildcard src/tool/pam_*.c))
$(BUILD)/tests/test_check_sessions: $(call obj,src/tool/check_sessions.c $(wildcard src/tool/pam_*.c))
$(BUILD)/tests/test_tests_conf: $(call obj,src/tool/tests_conf.c src/tool/tests_time.c)
$(BUILD)/tests/test_check_proof: $(call obj,src/tool/check_proof.c src/tool/check_sshd_ask.c $(wildcard src/tool/pam_*.c))
$(BUILD)/tests/test_check_sshd: $(call obj,$(wildcard src/tool/check_sshd*.c src/tool/pam_*.c))
# Each look around the configuration alone, with the readers of /etc/pam.d.
LOOKS := $(addprefix $(BUILD)/tests/test_check_,lines services door version folders force)
$(BUILD)/tests/test_check_folders: $(call obj,src/tool/check_clock.c)
$(BUILD)/tests/test_check_door: $(call obj,src/tool/check_proof.c $(wildcard src/tool/check_sshd_*.c))
$(LOOKS): $(BUILD)/tests/test_check_%: $(BUILD)/obj/src/tool/check_%.o $(call obj,$(wildcard src/tool/pam_*.c))
$(BUILD)/tests/test_check_units: $(call obj,src/tool/check_units.c)
$(BUILD)/tests/test_sessions: $(call obj,src/tool/sessions_match.c)
$(BUILD)/tests/test_revoked: $(call obj,src/tool/revoked.c)
# Each test that includes a header of the issuer.
ISSUERD_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(shell grep -lE '^#include "(issuerd/|families\.h)' tests/unit/test_*.c))
$(ISSUERD_TESTS): $(BUILD)/issuerd.a $(call obj,$(call sources,issuer))
$(ISSUERD_TESTS): TEST_LIBS = -lsqlite3
$(BUILD)/tests/test_person_account: TEST_LIBS += -Wl,--wrap=getgrgid
$(BUILD)/tests/test_parts $(BUILD)/tests/test_spki: $(call obj,tests/attacks/forge.c)

# The store of links, in many processes: tests/state.
STATE_BIN := $(addprefix $(BUILD)/tests/state/,race merge kill faults clock nobody powercut ask)
$(STATE_BIN): $(BUILD)/tests/state/%: $(call obj,tests/state/%.c tests/state/store.c) $(BUILD)/host.a $(BUILD)/core.a
	@mkdir -p $(@D)
	$(if $(Q),@echo "  LINK  $@")
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(link) -lcrypto -lpthread

# Parts of pam-jwt sync: tests/sync.
SYNC_BIN := $(addprefix $(BUILD)/tests/programs/,fetchtry installtry nomemory)
$(SYNC_BIN): $(BUILD)/tests/programs/%: $(call obj,tests/programs/%.c) $(BUILD)/sync.a $(BUILD)/host.a $(BUILD)/core.a
	@mkdir -p $(@D)
	$(if $(Q),@echo "  LINK  $@")
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(link) -lcrypto

# Families of refresh tokens: tests/issuer/family.sh.
FAMILY_BIN := $(addprefix $(BUILD)/tests/programs/,familytry familybench)
$(FAMILY_BIN): $(BUILD)/tests/programs/%: $(call obj,tests/programs/%.c) $(BUILD)/issuerd.a $(BUILD)/host.a $(BUILD)/core.a
	@mkdir -p $(@D)
	$(if $(Q),@echo "  LINK  $@")
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(link) -lcrypto -lsqlite3

# Records of sessions: tests/e2e/sessions_end.sh.
RECORD_BIN := $(addprefix $(BUILD)/tests/programs/,recordtry)
$(RECORD_BIN): $(BUILD)/tests/programs/%: $(call obj,tests/programs/%.c) $(BUILD)/host.a $(BUILD)/core.a
	@mkdir -p $(@D)
	$(if $(Q),@echo "  LINK  $@")
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(link) -lcrypto

# The keys of our own issuer: tests/issuer.
ISSUER_BIN := $(addprefix $(BUILD)/tests/programs/,issuertry badagent)
$(ISSUER_BIN): $(BUILD)/tests/programs/%: $(call obj,tests/programs/%.c tests/lib/badagent.c $(call sources,issuer)) $(BUILD)/issuerd.a $(BUILD)/agent.a $(BUILD)/cli.a $(BUILD)/host.a $(BUILD)/core.a
	@mkdir -p $(@D)
	$(if $(Q),@echo "  LINK  $@")
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(link) -lcrypto

# Encrypted tokens, and the key of the host: tests/faults.
JWE_BIN := $(BUILD)/tests/programs/jweseal
$(JWE_BIN): $(call obj,tests/programs/jweseal.c tests/lib/jwe_make.c tests/lib/world.c src/issuer/keypair.c) $(BUILD)/core.a
	@mkdir -p $(@D)
	$(if $(Q),@echo "  LINK  $@")
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(link) -lcrypto

# The session of a login: tests/login.
LOGIN_BIN := $(addprefix $(BUILD)/tests/programs/,sessiontry)
$(LOGIN_BIN): $(BUILD)/tests/programs/%: $(call obj,tests/programs/%.c) $(BUILD)/login.a $(BUILD)/agent.a $(BUILD)/cli.a $(BUILD)/sync.a $(BUILD)/host.a $(BUILD)/core.a
	@mkdir -p $(@D)
	$(if $(Q),@echo "  LINK  $@")
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(link) -lcrypto

# Whole logins that are measured: tests/bench.
BENCH_LOGIN := $(addprefix $(BUILD)/tests/bench/login,-real -fake -heap)
$(BENCH_LOGIN): $(call obj,$(addprefix tests/bench/,login.c login_run.c footprint.c libcrypto_up.c))
$(BUILD)/tests/bench/login-fake: $(call obj,tests/bench/login_fake.c)
$(BUILD)/tests/bench/login-heap: $(call obj,tests/bench/heap.c tests/bench/no_audit.c)
$(BENCH_LOGIN):
	@mkdir -p $(@D)
	$(if $(Q),@echo "  LINK  $@")
	$(Q)$(CC) $(ALL_LDFLAGS) -rdynamic -o $@ $(link) -lpam -ldl

# Verifiers of tokens beside each other, and those of other projects.
BENCH_ADAPTERS := $(addprefix $(BUILD)/tests/bench/,evp.so jsonc.so jsonc-pem.so pamjwt.so pamjwt-verdict.so)
BENCH_PEERS := $(addprefix $(BUILD)/tests/bench/,libjwt.so libjwt3.so cjose.so jose.so rhonabwy.so)
# peers.sh builds it.
LIBJWT3 := $(CURDIR)/build/libjwt3
ADAPTER := tests/bench/adapters
$(call obj,$(ADAPTER)/jsonc-pem.c): $(ADAPTER)/jsonc.c
$(call obj,$(ADAPTER)/pamjwt-verdict.c): $(ADAPTER)/pamjwt.c
$(BUILD)/obj/$(ADAPTER)/jsonc-pem.o: CPPFLAGS += -DFROM_PEM
$(BUILD)/obj/$(ADAPTER)/pamjwt-verdict.o: CPPFLAGS += -DWHOLE
$(BUILD)/obj/$(ADAPTER)/jsonc-pem.o $(BUILD)/obj/$(ADAPTER)/pamjwt-verdict.o:
	@mkdir -p $(@D)
	$(if $(Q),@echo "  CC    $@")
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(addprefix $(BUILD)/tests/bench/,evp.so jsonc.so jsonc-pem.so libjwt.so): $(call obj,$(ADAPTER)/plain.c)
$(BUILD)/tests/bench/pamjwt.so $(BUILD)/tests/bench/pamjwt-verdict.so: $(BUILD)/core.a
# jansson and json-c have functions of the same names: no object is linked with both.
$(addprefix $(BUILD)/tests/bench/,evp.so jsonc.so jsonc-pem.so): LIBS = -ljson-c
$(BUILD)/tests/bench/libjwt.so: LIBS = -ljwt -ljson-c
$(BUILD)/obj/$(ADAPTER)/libjwt3.o: CPPFLAGS := -I$(LIBJWT3)/include $(CPPFLAGS)
$(BUILD)/tests/bench/libjwt3.so: LIBS = -L$(LIBJWT3)/lib -Wl,-rpath,$(LIBJWT3)/lib -ljwt
$(BUILD)/tests/bench/cjose.so: LIBS = -lcjose -ljansson
$(BUILD)/tests/bench/jose.so: LIBS = -ljose -ljansson
$(BUILD)/tests/bench/rhonabwy.so: LIBS = -lrhonabwy
$(BENCH_ADAPTERS) $(BENCH_PEERS): $(BUILD)/tests/bench/%.so: $(BUILD)/obj/$(ADAPTER)/%.o
	@mkdir -p $(@D)
	$(if $(Q),@echo "  LINK  $@")
	$(Q)$(CC) -shared $(ALL_LDFLAGS) -Wl,--as-needed -o $@ $(link) -lcrypto $(LIBS)

$(BUILD)/tests/bench/verify $(BUILD)/tests/bench/pieces: $(call obj,tests/bench/libcrypto_up.c)
$(BUILD)/tests/bench/weigh: $(call obj,tests/bench/libcrypto_up.c tests/bench/footprint.c)
$(BUILD)/tests/bench/state: $(call obj,tests/bench/state.c) $(BUILD)/host.a $(BUILD)/core.a
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $(link) -lcrypto -lsqlite3
$(BUILD)/tests/bench/topem: $(call obj,tests/bench/topem.c $(ADAPTER)/plain.c)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ -lcrypto -ljson-c

$(BUILD)/tests/%: $(call obj,tests/%.c)
	@mkdir -p $(@D)
	$(Q)$(CC) $(ALL_LDFLAGS) -rdynamic -o $@ $^ -lpam

# ---- checks ----------------------------------------------------------------
PROGRAMS := $(addprefix $(BUILD)/tests/,$(addprefix programs/,logsink ptyrun greeter badserver) pam/pamtry) $(SYNC_BIN) $(LOGIN_BIN) $(RECORD_BIN) $(ISSUER_BIN) $(FAMILY_BIN) $(JWE_BIN) $(BUILD)/tests/bench/login-fake

# All tests, or those that TEST names.
TESTS := $(UNIT_BIN) $(SCRIPTS)
ifneq ($(TEST),)
TESTS := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(shell sh tests/find.sh '$(TEST)' $(SCRIPTS)))
endif

check: $(filter $(BUILD)/tests/%,$(TESTS)) $(if $(filter %.sh %.case,$(TESTS)),programs)
	$(Q)$(if $(TESTS),BUILD=$(abspath $(BUILD)) sh tests/run.sh $(TESTS),false)

# What the scripts run.
programs: all issuer $(STATE_BIN) $(PROGRAMS)

check-unit: all $(UNIT_BIN)
	$(Q)BUILD=$(abspath $(BUILD)) sh tests/run.sh $(UNIT_BIN)

ASAN_SCRIPTS ?= tests/fuzz/replay.sh tests/pam/run.sh tests/cli/askpass.sh tests/cli/state.sh tests/cli/event.sh
# Real programs are left out: they would need the sanitizer's library preloaded;
# and what makes allocations fail: the sanitizer has its own.
check-asan:
	$(Q)ASAN_OPTIONS=exitcode=99 UBSAN_OPTIONS=print_stacktrace=1 $(MAKE) \
		BUILD=$(BUILD)/asan SANITIZE=address,undefined CFLAGS="-O1 -g" \
		SCRIPTS="$(ASAN_SCRIPTS)" check

# Not fortified: valgrind takes __memmove_chk() for memcpy().
check-valgrind:
	$(Q)$(MAKE) BUILD=$(BUILD)/valgrind CFLAGS="-O1 -g -U_FORTIFY_SOURCE" run-valgrind

run-valgrind: $(UNIT_BIN)
	$(Q)TEST_TIMEOUT=1800 BUILD=$(abspath $(BUILD)) sh tests/run.sh tests/valgrind.sh

check-faults: all $(STATE_BIN) $(SYNC_BIN) $(JWE_BIN) $(BUILD)/tests/pam/pamtry
	$(Q)TEST_TIMEOUT=3600 BUILD=$(abspath $(BUILD)) sh tests/run.sh tests/faults/run.sh

# Lines and branches of src/core that the tests reach; fails below 95 and 85 %.
coverage:
	$(Q)sh tests/coverage.sh $(BUILD)/coverage

fuzz:
	$(Q)BUILD=$(abspath $(BUILD)) sh tests/fuzz/run.sh

fuzz-coverage:
	$(Q)BUILD=$(abspath $(BUILD)) sh tests/fuzz/coverage.sh

# Goes on where the last run stopped: MUTATE="--seconds 3600" or "--shard 1/4".
mutate:
	$(Q)python3 tests/mutate/mutate.py $(MUTATE)

# Needs Debian 12's frama-c-base, and skips without it.
prove:
	$(Q)BUILD=$(BUILD) sh tests/prove/run.sh

# Everything takes some minutes; BENCH=--quick two. RESULTS.md comes from make bench-peers BENCH=--write.
BENCH_PROGRAMS := $(BENCH_LOGIN) $(BENCH_ADAPTERS) $(addprefix $(BUILD)/tests/bench/,verify pieces topem weigh $(if $(ISSUER_PROGRAM),state))
bench: programs $(BENCH_PROGRAMS)
	$(Q)BUILD=$(abspath $(BUILD)) sh tests/bench/all.sh $(BENCH)

# Beside other libraries and modules, whose packages are fetched.
bench-peers: programs $(BENCH_PROGRAMS)
	$(Q)BUILD=$(abspath $(BUILD)) sh tests/bench/peers.sh
	$(Q)-$(MAKE) -s -k $(BENCH_PEERS)
	$(Q)BUILD=$(abspath $(BUILD)) sh tests/bench/all.sh --peers $(BENCH)

# A day of ssh by token, beside a key.
bench-day: programs
	$(Q)BUILD=$(abspath $(BUILD)) sh tests/bench/login.sh

# The instructions that CI compares with; see tests/bench/callgrind.sh.
bench-baseline: programs
	$(Q)BUILD=$(abspath $(BUILD)) sh tests/bench/callgrind.sh --baseline

lint:
	$(Q)sh tests/lint.sh

check-layers:
	$(Q)sh tests/layers.sh $(BUILD)

check-exports: all
	$(Q)sh tests/exports.sh $(BUILD)/pam_jwt.so

demo:
	$(Q)sh tests/demo.sh

# Builds, installs, upgrades and removes the packages in fresh chroots; minutes, and the network.
check-package:
	$(Q)TEST_TIMEOUT=3600 BUILD=$(abspath $(BUILD)) sh tests/run.sh tests/package/run.sh

# The packages on booted Debian systems; minutes, and the network once.
check-booted:
	$(Q)TEST_TIMEOUT=3600 BUILD=$(abspath $(BUILD)) sh tests/run.sh tests/booted/run.sh

# The long form of tests/login/day.sh: 200 logins over tokens of 20 s; three minutes.
check-day: programs
	$(Q)DAY_LOGINS=200 DAY_LIFETIME=20 TEST_TIMEOUT=900 BUILD=$(abspath $(BUILD)) sh tests/run.sh tests/login/day.sh

# An identity provider of 350 MB; minutes the first time, and the network then.
check-lemonldap: all programs
	$(Q)TEST_TIMEOUT=900 BUILD=$(abspath $(BUILD)) sh tests/run.sh tests/providers/lemonldap.sh

# A refresh of pam-jwt token, killed at each system call; a minute, and what oidc-provider needs.
check-login: all programs
	$(Q)BUILD=$(abspath $(BUILD)) sh tests/login/token.sh --long

# A refresh of the issuer is killed at every system call, 1,000 times, and its throughput is measured; ten minutes.
check-family: programs
	$(Q)TEST_TIMEOUT=3600 BUILD=$(abspath $(BUILD)) sh tests/issuer/family.sh --long

# The commands of the issuer's keys are killed, and their calls fail, at each system call; minutes.
check-keys: programs
	$(Q)TEST_TIMEOUT=3600 BUILD=$(abspath $(BUILD)) sh tests/issuer/keys_faults.sh --long

# A login with a real browser; Debian's chromium is not among what check.sh installs.
check-browser: all
	$(Q)BUILD=$(abspath $(BUILD)) sh tests/run.sh tests/browser/run.sh

# ---- install ---------------------------------------------------------------
# The same files as the Debian packages have. A folder that is set to nothing, as pamconfigsdir= in an RPM, is left out.
MAN = $(filter-out $(ISSUER_MAN),$(wildcard man/*.$(1)))
NET_UNITS = $(wildcard conf/systemd/pam-jwt-sync.*)
ISSUER_UNITS = $(wildcard conf/systemd/pam-jwt-issuer*)
ISSUER_MAN = man/pam-jwt-issuer.1 man/issuer.conf.5
UNITS  = $(filter-out $(NET_UNITS) $(ISSUER_UNITS),$(wildcard conf/systemd/pam-jwt*))
POLKIT = conf/systemd/polkit-agent-helper@.service.d
PRESET = conf/systemd/90-pam-jwt.preset
SCOPE  = conf/systemd/session-.scope.d
SSHD_CONF = $(filter-out conf/sshd_config.d/pam-jwt-issuer.conf,$(wildcard conf/sshd_config.d/*))
# put MODE,FILES,FOLDER
define put
install -d $(DESTDIR)$(3)
install -m $(1) $(2) $(DESTDIR)$(3)/
endef

# put_text FILES,FOLDER: with the paths of this installation in them
define put_text
$(call put,644,$(1),$(2))
sed -i -e 's|/usr/bin/pam-jwt|$(bindir)/pam-jwt|g' -e 's|/etc/pam_jwt|$(sysconfdir)/pam_jwt|g' \
	-e 's|/usr/share/doc/pam-jwt|$(docdir)|g' -e 's|/usr/libexec/pam-jwt|$(libexecdir)|g' $(addprefix $(DESTDIR)$(2)/,$(notdir $(1)))
endef

install: all
	$(call put,644,$(BUILD)/pam_jwt.so,$(pamdir))
	$(call put,755,$(BUILD)/pam-jwt $(BUILD)/pam-jwt-askpass,$(bindir))
	$(if $(NET_PROGRAM),$(call put,755,$(NET_PROGRAM),$(libexecdir)))
	$(if $(NET_PROGRAM),$(if $(sysusersdir),$(call put,644,conf/sysusers.d/pam-jwt-net.conf,$(sysusersdir))))
	$(if $(NET_PROGRAM),$(if $(tmpfilesdir),$(call put,644,conf/tmpfiles.d/pam-jwt-net.conf,$(tmpfilesdir))))
	$(if $(tmpfilesdir),$(call put,644,conf/tmpfiles.d/pam_jwt.conf,$(tmpfilesdir)))
	install -d $(DESTDIR)$(sysconfdir)/pam_jwt/keys
	$(call put_text,$(call MAN,1),$(mandir)/man1)
	$(call put_text,$(call MAN,5),$(mandir)/man5)
	$(call put_text,$(call MAN,7),$(mandir)/man7)
	$(call put_text,$(call MAN,8),$(mandir)/man8)
	$(call put_text,README.md SECURITY.md NEWS.md conf/pam_jwt.conf conf/login.conf,$(docdir))
	sed -i -E -e 's,\[([^]]*)\]\(man/[a-z._-]*[0-9]\),\1,g' -e 's,\]\((conf|man)/,](,g' -e 's,\[([A-Za-z0-9.-]*)\]\((CONTRIBUTING.md|LICENSE)\),\1,g' $(DESTDIR)$(docdir)/README.md
	$(call put,644,man/login.svg,$(docdir))
	$(call put_text,$(wildcard conf/pam.d/*),$(docdir)/pam.d)
	$(call put,644,conf/pam-configs/jwt,$(docdir)/pam-configs)
	$(call put_text,$(wildcard conf/examples/*),$(docdir)/examples)
	$(call put_text,$(wildcard conf/recipes/*),$(docdir)/recipes)
	$(call put_text,$(SSHD_CONF),$(docdir)/sshd_config.d)
	$(call put_text,$(wildcard conf/redis/*),$(docdir)/redis)
	$(call put_text,$(SCOPE)/pam-jwt.conf,$(docdir)/$(notdir $(SCOPE)))
	$(call put,755,dist/needed-by,$(pkgdatadir))
	$(if $(pamconfigsdir),$(call put,644,conf/pam-configs/jwt,$(pamconfigsdir)))
	$(if $(unitdir),$(call put_text,$(UNITS),$(unitdir)))
	$(if $(NET_PROGRAM),$(if $(unitdir),$(call put_text,$(NET_UNITS),$(unitdir))))
	$(if $(unitdir),$(call put,644,$(POLKIT)/pam-jwt.conf,$(unitdir)/$(notdir $(POLKIT))))
	$(if $(presetdir),$(call put,644,$(PRESET),$(presetdir)))
	$(call put_text,conf/completion/complete,$(libexecdir))
	chmod 755 $(DESTDIR)$(libexecdir)/complete
	$(if $(completionsdir),$(call put_text,conf/completion/pam-jwt,$(completionsdir)))
	$(if $(zshcompletionsdir),$(call put_text,conf/completion/_pam-jwt,$(zshcompletionsdir)))
	$(if $(fishcompletionsdir),$(call put_text,conf/completion/pam-jwt.fish,$(fishcompletionsdir)))
	$(if $(apparmordir),$(call put_text,conf/apparmor/pam_jwt,$(apparmordir)))
	$(if $(fail2bandir),$(call put,644,conf/fail2ban/pam-jwt.conf,$(fail2bandir)))
	$(if $(ISSUER_PROGRAM),$(call put,755,$(ISSUER_PROGRAM),$(libexecdir)))
	$(if $(ISSUER_PROGRAM),$(call put_text,$(filter %.1,$(ISSUER_MAN)),$(mandir)/man1))
	$(if $(ISSUER_PROGRAM),$(call put_text,$(filter %.5,$(ISSUER_MAN)),$(mandir)/man5))
	$(if $(ISSUER_PROGRAM),$(call put_text,$(wildcard conf/issuer/*),$(docdir)/issuer))
	$(if $(ISSUER_PROGRAM),$(if $(sysusersdir),$(call put,644,conf/sysusers.d/pam-jwt-issuer.conf,$(sysusersdir))))
	$(if $(ISSUER_PROGRAM),$(if $(tmpfilesdir),$(call put,644,conf/tmpfiles.d/pam-jwt-issuer.conf,$(tmpfilesdir))))
	$(if $(ISSUER_PROGRAM),$(if $(sshdconfdir),$(call put_text,conf/sshd_config.d/pam-jwt-issuer.conf,$(sshdconfdir))))
	$(if $(ISSUER_PROGRAM),$(if $(unitdir),$(call put_text,$(ISSUER_UNITS),$(unitdir))))

# drop FOLDER,FILES
drop = $(if $(1),rm -f $(addprefix $(DESTDIR)$(1)/,$(notdir $(2))))

uninstall:
	@sh dist/needed-by $(DESTDIR) || { echo 'These need pam_jwt.so: take its lines out first' \
		'(pam-auth-update --disable jwt, and by hand).' >&2; exit 1; }
	$(call drop,$(pamdir),pam_jwt.so)
	$(call drop,$(bindir),pam-jwt pam-jwt-askpass)
	$(call drop,$(libexecdir),pam-jwt-net pam-jwt-issuer complete)
	$(call drop,$(sysusersdir),pam-jwt-net.conf pam-jwt-issuer.conf)
	$(call drop,$(tmpfilesdir),pam_jwt.conf pam-jwt-net.conf pam-jwt-issuer.conf)
	$(call drop,$(sshdconfdir),pam-jwt-issuer.conf)
	$(call drop,$(mandir)/man1,$(call MAN,1) $(filter %.1,$(ISSUER_MAN)))
	$(call drop,$(mandir)/man5,$(call MAN,5) $(filter %.5,$(ISSUER_MAN)))
	$(call drop,$(mandir)/man7,$(call MAN,7))
	$(call drop,$(mandir)/man8,$(call MAN,8))
	$(call drop,$(pkgdatadir),needed-by)
	$(call drop,$(pamconfigsdir),jwt)
	$(call drop,$(completionsdir),pam-jwt)
	$(call drop,$(zshcompletionsdir),_pam-jwt)
	$(call drop,$(fishcompletionsdir),pam-jwt.fish)
	$(call drop,$(apparmordir),pam_jwt)
	$(call drop,$(fail2bandir),pam-jwt.conf)
	$(call drop,$(unitdir),$(UNITS) $(NET_UNITS) $(ISSUER_UNITS))
	$(if $(unitdir),$(call drop,$(unitdir)/$(notdir $(POLKIT)),pam-jwt.conf))
	$(call drop,$(presetdir),$(PRESET))
	$(call drop,$(docdir),README.md SECURITY.md NEWS.md pam_jwt.conf login.conf login.svg)
	$(call drop,$(docdir)/pam.d,$(wildcard conf/pam.d/*))
	$(call drop,$(docdir)/pam-configs,jwt)
	$(call drop,$(docdir)/examples,$(wildcard conf/examples/*))
	$(call drop,$(docdir)/recipes,$(wildcard conf/recipes/*))
	$(call drop,$(docdir)/sshd_config.d,$(SSHD_CONF))
	$(call drop,$(docdir)/redis,$(wildcard conf/redis/*))
	$(call drop,$(docdir)/issuer,$(wildcard conf/issuer/*))
	$(call drop,$(docdir)/$(notdir $(SCOPE)),pam-jwt.conf)
	-rmdir $(DESTDIR)$(libexecdir) $(DESTDIR)$(pkgdatadir) $(addprefix $(DESTDIR)$(docdir),/pam.d /pam-configs /examples /recipes /sshd_config.d /redis /issuer /$(notdir $(SCOPE)) /) 2>/dev/null

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
