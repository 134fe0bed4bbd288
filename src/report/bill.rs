//! The section of the bill, as it is before somebody moves a slider.

use std::fmt::Write;

use super::escape::html;
use super::{CostReport, Report};
use crate::cost::{Decimal, Line};

// Writing to a string cannot fail.
macro_rules! put {
    ($to:expr, $($text:tt)*) => { { let _ = writeln!($to, $($text)*); } };
}

pub(super) fn section(report: &Report, page: &mut String) {
    put!(page, "<section id=\"cost\" class=\"cost\" aria-labelledby=\"cost-heading\">");
    put!(page, "<h2 id=\"cost-heading\">Cost</h2>");
    if let Some(why) = &report.no_cost {
        put!(page, "<p class=\"notice\">The cost cannot be estimated: {}</p>", html(why));
    }
    if let Some(cost) = &report.cost {
        put!(
            page,
            "<p class=\"lead\">A month in {}, at the prices of {}, without the free tier. Transitions and calls are counted in \
             simulated executions.</p>",
            html(&cost.region),
            html(&cost.date)
        );
        put!(page, "<div class=\"sliders\" id=\"sliders\" role=\"group\" aria-label=\"Usage\" hidden></div>");
        let volume = &cost.volume;
        put!(
            page,
            "<p><span class=\"total\" id=\"total\">{} USD</span> per month for <span id=\"volume\">{} events, {} objects, {} \
             reads</span></p>",
            cost.bill.total.money(),
            whole(&volume.events),
            whole(&volume.objects),
            whole(&volume.reads)
        );
        table(cost, page);
        comparisons(cost, page);
        put!(page, "<details class=\"told\"><summary>Assumptions</summary><ul>");
        cost.assumptions.iter().for_each(|line| put!(page, "<li>{}</li>", html(line)));
        cost.unpriced.iter().for_each(|line| put!(page, "<li>No price is known for {}</li>", html(line)));
        put!(page, "</ul></details>");
    }
    put!(page, "</section>");
}

/// A number with its thousands apart.
fn whole(number: &Decimal) -> String {
    number.grouped(0)
}

fn table(cost: &CostReport, page: &mut String) {
    put!(page, "<div class=\"scroll\" role=\"region\" aria-label=\"The bill\" tabindex=\"0\"><table id=\"bill\">");
    lines(&cost.bill.lines, "Every month", &cost.bill.total, page);
    put!(page, "</table>");
    // What is paid once is no part of a month's bill.
    if !cost.bill.one_off.is_empty() {
        put!(page, "<table id=\"once\"><caption>Once, for the backfill</caption>");
        lines(&cost.bill.one_off, "Once", &cost.bill.one_off_total, page);
        put!(page, "</table>");
    }
    put!(page, "</div>");
}

/// The lines of a table, and their sum.
fn lines(lines: &[Line], when: &str, total: &Decimal, page: &mut String) {
    put!(
        page,
        "<thead><tr><th scope=\"col\">Service</th><th scope=\"col\">What</th><th scope=\"col\" class=\"amount units\">Units</th>\
         <th scope=\"col\" class=\"amount\">USD</th></tr></thead><tbody>"
    );
    lines.iter().for_each(|line| row(line, page));
    put!(
        page,
        "</tbody><tfoot><tr><th scope=\"row\" colspan=\"2\">{when}</th><td class=\"units\"></td><td class=\"amount\">{}</td></tr></tfoot>",
        total.money()
    );
}

fn row(line: &Line, page: &mut String) {
    put!(
        page,
        "<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"amount units\">{}</td><td class=\"amount\">{}</td></tr>",
        html(line.service),
        html(line.what),
        whole(&line.units),
        line.usd.money()
    );
}

/// The same stack with other choices.
fn comparisons(cost: &CostReport, page: &mut String) {
    let several = || cost.comparisons.iter().filter(|comparison| comparison.alternatives.len() > 1);
    if several().next().is_none() {
        return;
    }
    put!(
        page,
        "<h3 class=\"spaced\">Alternatives</h3>\n<p class=\"quiet\">For the initial settings, in USD per month.</p>"
    );
    put!(
        page,
        "<div class=\"scroll\" role=\"region\" aria-label=\"Alternatives\" tabindex=\"0\"><table id=\"choices\">"
    );
    put!(
        page,
        "<thead><tr><th scope=\"col\">Option</th><th scope=\"col\">Value</th><th scope=\"col\" class=\"amount\">USD</th>\
         <th scope=\"col\"></th></tr></thead><tbody>"
    );
    for comparison in several() {
        for answer in &comparison.alternatives {
            let mut chips = String::new();
            if answer.current {
                chips.push_str("<span class=\"chip\">this stack</span> ");
            }
            if answer.cheapest {
                chips.push_str("<span class=\"chip good\">cheapest</span>");
            }
            put!(
                page,
                "<tr><td>{}</td><th scope=\"row\">{}</th><td class=\"amount\">{}</td><td>{}</td></tr>",
                html(comparison.choice),
                html(&answer.name),
                answer.total.money(),
                chips.trim_end()
            );
        }
    }
    put!(page, "</tbody></table></div>");
}
