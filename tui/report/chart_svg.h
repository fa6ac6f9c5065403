/* chart_svg - a share over time as an SVG element inside a page, coloured by the page's style sheet
 * alone. Pure.
 */
#ifndef REPORT_CHART_SVG_H
#define REPORT_CHART_SVG_H

#include "core/migrate/record.h"

void chart_svg(struct buf *out, const struct record_share *share);

#endif
