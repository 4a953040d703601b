# What a package has in it, and where: the program of Scripts/release, its manual page, what shells complete.
#
#   make install [PREFIX=/usr/local] [DESTDIR=]
#   make uninstall [PREFIX=/usr/local] [DESTDIR=]
#
# The program is built when .build/koinspect is not there; Scripts/package installs with this file, too.

PREFIX ?= /usr/local
BIN := $(DESTDIR)$(PREFIX)/bin/koinspect
SHARE := $(DESTDIR)$(PREFIX)/share
MAN := $(SHARE)/man/man1/koinspect.1
BASH_COMPLETION := $(SHARE)/bash-completion/completions/koinspect
ZSHDIR ?= site-functions
ZSH_COMPLETION := $(SHARE)/zsh/$(ZSHDIR)/_koinspect
FISH_COMPLETION := $(SHARE)/fish/vendor_completions.d/koinspect.fish
PROGRAM := .build/koinspect

.PHONY: all install uninstall

all: $(PROGRAM)

$(PROGRAM):
	Scripts/release --no-compare

install: $(PROGRAM)
	install -d $(dir $(BIN) $(MAN) $(BASH_COMPLETION) $(ZSH_COMPLETION) $(FISH_COMPLETION))
	install -m 755 $(PROGRAM) $(BIN)
	$(PROGRAM) help --man >$(MAN)
	$(PROGRAM) completions bash >$(BASH_COMPLETION)
	$(PROGRAM) completions zsh >$(ZSH_COMPLETION)
	$(PROGRAM) completions fish >$(FISH_COMPLETION)
	chmod 644 $(MAN) $(BASH_COMPLETION) $(ZSH_COMPLETION) $(FISH_COMPLETION)

uninstall:
	rm -f $(BIN) $(MAN) $(BASH_COMPLETION) $(ZSH_COMPLETION) $(FISH_COMPLETION)
