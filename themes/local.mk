THEMES = \
	%D%/16.theme \
	%D%/colour-blind.theme \
	%D%/dark.theme \
	%D%/high-contrast.theme \
	%D%/light.theme \
	%D%/mono.theme
themesdir = $(pkgdatadir)/themes
dist_themes_DATA = $(THEMES)
EXTRA_DIST += %D%/README
